import { expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { folderWithCalls, runCli } from '../run-cli.ts'

const id = (number: number) => ({ span_id: number.toString(16).padStart(16, '0') })
const NO_COST = { cost_nano_usd: null, cost_source: null } as const
const TOKENS = { input_tokens: 1000, output_tokens: 234, total_tokens: 1234 } as const
const UNKNOWN = { input_tokens: null, output_tokens: null, total_tokens: null, usage_source: 'none' } as const

test('spend says what the calls of a filter cost, and how much of it is unknown', async () => {
  const folder = await folderWithCalls([
    call({ ...id(1), user_id: 'ada', ...TOKENS, cost_nano_usd: 1_500_000_000 }),
    call({ ...id(2), user_id: 'ada', ...TOKENS, cost_nano_usd: 1_000_000_001 }),
    call({ ...id(3), user_id: 'ada', ...TOKENS, ...NO_COST }),
    call({ ...id(4), user_id: 'ada', ...UNKNOWN, ...NO_COST }),
    call({ ...id(5), user_id: 'bob', ...TOKENS, cost_nano_usd: 7_000_000_000 }),
    call({ ...id(6), user_id: 'ada', kind: 'run', billable: 0, ...TOKENS, ...NO_COST }),
  ])
  const spend = (...parameters: string[]) => runCli(['spend', '--db', 'file:usage.db', ...parameters], { folder })
  const asJson = await spend('--user', 'ada', '--format', 'json')
  expect({ code: asJson.code, answer: JSON.parse(asJson.stdout) as unknown }).toEqual({
    code: 0,
    answer: {
      costUsd: 2.500000001,
      costNanoUsd: 2_500_000_001,
      calls: 4,
      totalTokens: 3702,
      unknownCostCalls: 2,
      openCalls: 0,
    },
  })
  expect(await spend('--user', 'ada')).toEqual({
    code: 0,
    stderr: '',
    stdout: `\
   cost  calls  tokens  unknown cost  open
──────────────────────────────────────────
$2.5000      4   3,702             2     0
`,
  })
  expect(await spend('--user', 'nobody')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^No calls match/) })
})

test('spend knows of calls that have not ended', async () => {
  const open = { ...UNKNOWN, ...NO_COST, status: 'open', ended_at: null, duration_ms: null } as const
  const folder = await folderWithCalls([call({ ...id(1), ...open })])
  const { stdout } = await runCli(['spend', '--db', 'file:usage.db', '--format', 'json'], { folder })
  expect(JSON.parse(stdout)).toMatchObject({ costUsd: 0, unknownCostCalls: 1, openCalls: 1 })
})
