import { beforeAll, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const START = Date.UTC(2026, 10, 3, 12)
const DB = ['--db', 'file:usage.db', '--format', 'jsonl']

const CALLS = (
  [
    { user_id: 'ada', tags: ['beta'], metadata: { tier: 'gold' }, duration_ms: 900, cost_nano_usd: 20_000_000 },
    { user_id: 'heidi', tags: ['eu'], metadata: { tier: 'silver', retries: 2 }, duration_ms: 2_500, cost_nano_usd: 1 },
    { user_id: null, tags: null, metadata: null, duration_ms: null, cost_nano_usd: null, total_tokens: null },
  ] as const
).map((differences, index) => {
  const span_id = (index + 1).toString(16).padStart(16, '0')
  return call({ span_id, run_id: span_id, started_at: START + index, ...differences })
})

describe('filters of the command', () => {
  let folder: string
  beforeAll(async () => {
    folder = await folderWithCalls(CALLS)
  })

  test.each([
    [
      ['--not', 'user=heidi'],
      ['ada', null],
    ],
    [['--not', 'user=heidi', '--not', 'user='], ['ada']],
    [
      ['--not', 'tag=eu', '--not', 'call-type=EMBEDDINGS'],
      ['ada', null],
    ],
    [['--min-cost', '0.02'], ['ada']],
    [['--min-cost', '0', '--max-cost', '0.01'], ['heidi']],
    [['--min-duration', '901'], ['heidi']],
    [
      ['--max-tokens', '140'],
      ['ada', 'heidi'],
    ],
    [
      ['--metadata', 'tier=gold', '--metadata', 'tier=silver'],
      ['ada', 'heidi'],
    ],
    [['--metadata', 'tier=silver', '--metadata', 'retries=2'], ['heidi']],
    [['--metadata', 'tier='], [null]],
  ])('%j selects calls of %j', async (options, users) => {
    const { code, stdout, stderr } = await runCli(['calls', ...DB, ...options], { folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(new Set(jsonLines(stdout).map(({ user_id: user }) => user))).toEqual(new Set(users))
  })

  test.each([
    [['--not', 'colour=red'], /Unknown filter "colour" in --not colour=red; use model, provider/],
    [['--not', 'user'], /--not user has no value; write --not user=value/],
    [['--not', 'kind=banana'], /Unknown kind "banana"/],
    [['--metadata', '=gold'], /--metadata =gold has no value/],
    [['--min-cost', 'cheap'], /--min-cost cheap is not a number of 0 or more; write one such as --min-cost 0\.5/],
    [['--max-tokens=-1'], /--max-tokens -1 is not a number/],
  ])('%j is refused with what to write', async (options, message) => {
    const { code, stdout, stderr } = await runCli(['calls', ...DB, ...options], { folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
