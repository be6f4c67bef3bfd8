import { join } from 'node:path'
import { type Call, callId } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { beforeAll, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const ALL = ['--kind', 'all']
const START = Date.UTC(2026, 10, 3, 12)

function at(second: number, differences: Partial<Call>): Call {
  const span_id = second.toString(16).padStart(16, '0')
  return call({ span_id, run_id: span_id, started_at: START + second * 1000, ended_at: null, ...differences })
}

const RUN = { run_id: '0000000000000001', user_id: 'ann' } as const
const TOOL = {
  ...RUN,
  kind: 'tool',
  billable: 0,
  model: null,
  provider: null,
  cost_nano_usd: null,
  cost_source: null,
} as const
const CALLS: readonly Call[] = [
  at(1, { ...RUN, kind: 'run', billable: 0, model: null, cost_nano_usd: null, input_tokens: 2400, duration_ms: 9_000 }),
  at(2, {
    ...RUN,
    parent_span_id: RUN.run_id,
    input_tokens: 1200,
    output_tokens: 340,
    cost_nano_usd: 4_100_000,
    duration_ms: 1900,
  }),
  at(3, { ...TOOL, parent_span_id: '0000000000000002', tool_name: 'weather', duration_ms: 12 }),
  at(4, { ...TOOL, parent_span_id: '0000000000000002', tool_name: 'weather', duration_ms: 15 }),
  at(5, {
    ...TOOL,
    parent_span_id: '0000000000000002',
    tool_name: 'search',
    status: 'error',
    error_type: 'Error',
    error_message: 'timed out\nat line 3',
    duration_ms: 30_000,
  }),
  at(6, {
    ...RUN,
    parent_span_id: RUN.run_id,
    cost_nano_usd: 700_000,
    cost_flags: ['cache_unknown'],
    duration_ms: 800,
  }),
  at(7, { trace_id: 'ab'.repeat(16), model: 'home-grown', cost_nano_usd: null, cost_source: null, duration_ms: null }),
  at(8, {
    trace_id: 'cd'.repeat(16),
    model: 'gemini-3-pro',
    input_tokens: null,
    output_tokens: null,
    total_tokens: null,
    cost_nano_usd: null,
    cost_source: null,
    usage_source: 'none',
    status: 'error',
    error_type: '429',
    duration_ms: 120,
  }),
]

let folder: string
beforeAll(async () => {
  folder = await folderWithCalls(CALLS)
})

test('a table has one row a call of a model, the newest first', async () => {
  const { code, stdout, stderr } = await runCli(['calls', ...DB], { folder })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(`\
id        started              status  model         input  output      cost   time  tools                 user  error
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
cdcdcdcd  2026-11-03 12:00:08  error   gemini-3-pro      –       –         –  120ms                        –     429
abababab  2026-11-03 12:00:07  ok      home-grown      100      40  unpriced      –                        –
0af76519  2026-11-03 12:00:06  ok      gpt-5           100      40  ≈$0.0007  800ms                        ann
0af76519  2026-11-03 12:00:02  ok      gpt-5          1.2k     340   $0.0041   1.9s  weather ×2, search ✗  ann
`)
})

test('every kind can be listed, each row under the name of its tool or model', async () => {
  const { stdout } = await runCli(['calls', ...DB, ...ALL], { folder })
  expect(stdout).toBe(`\
id        started              status  kind   call          input  output      cost   time  tools                 user  error
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
cdcdcdcd  2026-11-03 12:00:08  error   model  gemini-3-pro      –       –         –  120ms                        –     429
abababab  2026-11-03 12:00:07  ok      model  home-grown      100      40  unpriced      –                        –
0af76519  2026-11-03 12:00:06  ok      model  gpt-5           100      40  ≈$0.0007  800ms                        ann
0af76519  2026-11-03 12:00:05  error   tool   search                                 30.0s                        ann   timed out at line 3
0af76519  2026-11-03 12:00:04  ok      tool   weather                                 15ms                        ann
0af76519  2026-11-03 12:00:03  ok      tool   weather                                 12ms                        ann
0af76519  2026-11-03 12:00:02  ok      model  gpt-5          1.2k     340   $0.0041   1.9s  weather ×2, search ✗  ann
0af76519  2026-11-03 12:00:01  ok      run    chat gpt-5                              9.0s  weather ×2, search ✗  ann
`)
})

describe('in a terminal of 80 columns', () => {
  const LONG: readonly Call[] = [
    at(1, {
      trace_id: 'e1'.repeat(16),
      model: 'claude-sonnet-4-5-20250929',
      user_id: 'maximiliane.mustermann@example.com',
      cost_nano_usd: 1_234_567_890_123,
      cost_flags: ['cache_unknown'],
    }),
    at(2, {
      trace_id: 'e2'.repeat(16),
      model: null,
      request_model: 'gpt-5-2025-08-07',
      user_id: 'maximiliane.mustermann@example.com',
      cost_nano_usd: null,
      status: 'abandoned',
      error_message: 'The process that made the call was gone before the answer was there',
    }),
  ]

  test('id, status, cost and error stay', async () => {
    const { stdout, stderr } = await runCli(['calls', ...DB], {
      folder: await folderWithCalls(LONG),
      env: { COLUMNS: '80' },
    })
    expect(stdout).toBe(`\
id        started      status     model                     cost  error
────────────────────────────────────────────────────────────────────────────────
e2e2e2e2  11-03 12:00  abandoned  gpt-5-2025-08-07      unpriced  The process t…
e1e1e1e1  11-03 12:00  ok         claude-sonnet-4…  ≈$1,234.5679
`)
    expect(stderr).toMatch(/^Narrow terminal: left out input, output, user, time; /)
  })

  test('every kind fits as well', async () => {
    const { stdout } = await runCli(['calls', ...DB, ...ALL], { folder, env: { COLUMNS: '80' } })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines[0]).toMatch(/^id .* status .* cost .* error/)
  })
})

test('a page is as long as it is told, and the next one goes on after it', async () => {
  const whole = jsonLines((await runCli(['calls', ...DB, ...ALL, '--format', 'jsonl'], { folder })).stdout)
  expect(whole.map((row) => row['id'])).toEqual(CALLS.map(callId).reverse())
  const first = await runCli(['calls', ...DB, ...ALL, '--format', 'json', '--limit', '3'], { folder })
  const page = JSON.parse(first.stdout) as { calls: unknown[]; next: string }
  expect(page.calls).toEqual(whole.slice(0, 3))
  expect(first.stderr).toBe(`There are more: add --cursor ${page.next}\n`)
  const second = await runCli(['calls', ...DB, ...ALL, '--format', 'json', '--limit', '5', '--cursor', page.next], {
    folder,
  })
  expect(JSON.parse(second.stdout)).toEqual({ calls: whole.slice(3), next: null })
  expect(second.stderr).toBe('')
})

describe('filters', () => {
  const ids = (...seconds: number[]) => seconds.map((second) => callId(CALLS[second - 1]!))

  test.each([
    [['--kind', 'tool', '--status', 'error'], ids(5)],
    [['--model', 'home-grown', '--model', 'gemini-3-pro'], ids(8, 7)],
    [['--user', ''], ids(8, 7)],
    [['--tool', 'weather'], ids(4, 3)],
    [['--trace', 'ab'.repeat(16)], ids(7)],
    [['--since', '2026-11-03T12:00:03', '--until', '2026-11-03T12:00:05', ...ALL], ids(4, 3)],
    [[], ids(8, 7, 6, 2)],
    [['--kind', 'run', '--kind', 'all', '--limit', '2'], ids(8, 7)],
    [['--provider', 'openai', '--kind', 'model', '--since', '2026-11-03T13:00:07+01:00'], ids(8, 7)],
    [['--call-type', 'EMBEDDINGS'], []],
  ])('%j', async (parameters, expected) => {
    const { code, stdout } = await runCli(['calls', ...DB, '--format', 'jsonl', ...parameters], { folder })
    expect(code).toBe(0)
    expect(jsonLines(stdout).map((row) => row['id'])).toEqual(expected)
  })
})

test('times are those of the time zone', async () => {
  const { stdout } = await runCli(['calls', ...DB, '--tz', 'Asia/Kathmandu', '--limit', '1'], { folder })
  expect(stdout.split('\n')[2]).toMatch(/ {2}2026-11-03 17:45:08 {2}error/)
})

test('csv has a line of titles and every column', async () => {
  const { stdout } = await runCli(['calls', ...DB, '--format', 'csv', '--kind', 'run'], { folder })
  const [titles = '', values = ''] = stdout.split('\n')
  const row = Object.fromEntries(titles.split(',').map((title, index) => [title, values.split(',')[index]]))
  expect(row).toMatchObject({
    id: callId(CALLS[0]!),
    kind: 'run',
    billable: '0',
    user_id: 'ann',
    model: '',
    ingest_seq: '1',
  })
})

test('an empty database says what to try next', async () => {
  const { code, stdout, stderr } = await runCli(['calls', ...DB, '--format', 'json'], {
    folder: await folderWithCalls([]),
  })
  expect({ code, answer: JSON.parse(stdout) as unknown }).toEqual({ code: 0, answer: { calls: [], next: null } })
  expect(stderr).toMatch(/^No calls in .* yet\. Run your application with /)
})

test('calls can be read while an application writes', async () => {
  const own = await folderWithCalls(CALLS)
  const store = await openStore({ path: join(own, 'usage.db') })
  await store.write([at(9, { model: 'late' })])
  const { stdout } = await runCli(['calls', ...DB, '--format', 'jsonl', '--limit', '1'], { folder: own })
  await store.close()
  expect(jsonLines(stdout)).toMatchObject([{ model: 'late' }])
})
