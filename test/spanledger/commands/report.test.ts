import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Call } from '@spanledger/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const NOVEMBER = [...DB, '--since', '2026-11-01', '--until', '2026-11-30']
const NOON = Date.UTC(2026, 10, 3, 12)

let lastId = 0
/** A call with ids of its own, at noon of the 3rd of November. */
function row(differences: Partial<Call> = {}): Call {
  lastId += 1
  const span_id = lastId.toString(16).padStart(16, '0')
  const trace_id = `${'ab'.repeat(8)}${span_id}`
  return call({ trace_id, span_id, run_id: span_id, started_at: NOON, ended_at: NOON + 1000, ...differences })
}

/** A call of a tool, which nobody bills. */
function tool(tool_name: string, differences: Partial<Call> = {}): Call {
  const noTokens = { input_tokens: null, output_tokens: null, total_tokens: null }
  const none = { provider: null, model: null, request_model: null, ...noTokens }
  const free = { cost_nano_usd: null, cost_source: null, price_version: null, usage_source: 'none' } as const
  return row({ kind: 'tool', billable: 0, tool_name, ...none, ...free, ...differences })
}

const SONNET = {
  model: 'claude-sonnet-5',
  provider: 'anthropic',
  input_tokens: 12_345,
  output_tokens: 678,
  total_tokens: 13_023,
} as const
const SMALL = { input_tokens: 100, output_tokens: 20, total_tokens: 120, cost_nano_usd: 4_125_000 } as const
const ROWS: readonly Call[] = [
  // Two calls of one model: 200 in, 40 out, 0.004125 + 0.000000049 dollars.
  row({ ...SMALL, user_id: 'ann', duration_ms: 1500, tags: ['beta', 'eu'] }),
  row({ ...SMALL, user_id: 'ben', duration_ms: 2500, tags: ['beta'], cost_nano_usd: 49 }),
  // An estimate, with cached and reasoning tokens.
  row({
    ...SONNET,
    cost_nano_usd: 1_234_567_890_123,
    cost_flags: ['cache_unknown'],
    cache_read_tokens: 10_000,
    reasoning_tokens: 600,
    user_id: 'ann',
    duration_ms: 61_000,
  }),
  // Tokens are known, the price is not.
  row({
    ...SMALL,
    model: 'home-grown',
    cost_nano_usd: null,
    cost_source: null,
    cost_reason: 'no_price',
    duration_ms: 900,
  }),
  // Nothing is known, and it failed.
  row({
    model: 'gemini-3-pro',
    provider: 'gcp.gemini',
    input_tokens: null,
    output_tokens: null,
    total_tokens: null,
    cost_nano_usd: null,
    cost_source: null,
    usage_source: 'none',
    status: 'error',
    error_type: '429',
    duration_ms: null,
    user_id: 'ben',
  }),
  tool('weather', { user_id: 'ann', duration_ms: 100 }),
  tool('weather', { user_id: 'ann', duration_ms: 300 }),
  tool('weather', { user_id: 'ben', duration_ms: 2000, status: 'error' }),
  tool('search', { user_id: 'ben', duration_ms: null }),
  // A run repeats what its calls add up to, and counts nothing.
  row({ kind: 'run', billable: 0, input_tokens: 999_999, output_tokens: 999_999, model: 'claude-sonnet-5' }),
]

let folder: string
beforeAll(async () => {
  folder = await folderWithCalls(ROWS)
})

function billable(model: string): readonly Call[] {
  return ROWS.filter((row) => row.billable === 1 && row.model === model)
}

function sum(rows: readonly Call[], column: 'input_tokens' | 'output_tokens' | 'cost_nano_usd'): number | null {
  const known = rows.map((row) => row[column]).filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

describe('the table', () => {
  test('says what each model cost, the most expensive first, and what it does not know', async () => {
    const { code, stdout, stderr } = await runCli(['report', ...NOVEMBER], { folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`\
model            calls  input  output  cache read  reasoning          cost  no cost  errors  avg time
─────────────────────────────────────────────────────────────────────────────────────────────────────
claude-sonnet-5      1  12.3k     678         10k        600  ≈$1,234.5679        0       0    1m 01s
gpt-5                2    200      40           –          –       $0.0041        0       0      2.0s
gemini-3-pro         1      –       –           –          –             –        1       1         –
home-grown           1    100      20           –          –      unpriced        1       0     900ms
─────────────────────────────────────────────────────────────────────────────────────────────────────
total                5  12.6k     738         10k        600  ≈$1,234.5720        2       1     16.5s

5 calls, ≈$1,234.5720 · 4 tool calls, 1 failed · ≈ estimated: 1 call · unpriced: home-grown (1 call) · unknown usage: 1 call · since 2026-11-01 00:00:00 until 2026-12-01 00:00:00 (UTC)
`)
  })

  test('by tool says how often each one worked', async () => {
    const { code, stdout } = await runCli(['report', '--by', 'tool', ...NOVEMBER], { folder })
    expect(code).toBe(0)
    expect(stdout).toBe(`\
tool     calls  failed  success  avg time  p95 time
───────────────────────────────────────────────────
weather      3       1    66.7%     800ms      2.0s
search       1       0     100%         –         –

4 tool calls, 1 failed, 75% succeeded · since 2026-11-01 00:00:00 until 2026-12-01 00:00:00 (UTC)
`)
  })

  test('by user has the tools of each', async () => {
    const { stdout } = await runCli(['report', '--by', 'user', ...NOVEMBER, '--model', 'gpt-5', '--model', ''], {
      folder,
    })
    expect(stdout).toBe(`\
user   calls  input  output      cost  errors  tools  tool errors  avg time
───────────────────────────────────────────────────────────────────────────
ann        1    100      20   $0.0041       0      2            0      1.5s
ben        1    100      20  <$0.0001       0      2            1      2.5s
───────────────────────────────────────────────────────────────────────────
total      2    200      40   $0.0041       0      4            1      2.0s

2 calls, $0.0041 · 4 tool calls, 1 failed · since 2026-11-01 00:00:00 until 2026-12-01 00:00:00 (UTC)
`)
  })

  test('by tag counts a call under each of its tags, and once in the total', async () => {
    const { stdout } = await runCli(['report', '--by', 'tag', ...NOVEMBER, '--model', 'gpt-5'], { folder })
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['tag', 'calls'],
      [expect.stringContaining('─')],
      ['beta', '2'],
      ['eu', '1'],
      [expect.stringContaining('─')],
      ['total', '2'],
      [''],
      [expect.stringContaining('2 calls, $0.0041')],
      [''],
    ])
  })

  test('in a narrow terminal leaves out what matters least, and says so', async () => {
    const { stdout, stderr } = await runCli(['report', ...NOVEMBER], { folder, env: { COLUMNS: '60' } })
    const lines = stdout.split('\n').slice(0, 8)
    expect(lines[0]).toBe('model            calls  input  output          cost  no cost')
    expect(Math.max(...lines.map((line) => line.length))).toBe(60)
    expect(stderr).toBe(
      'Narrow terminal: left out reasoning, cache read, avg time, errors; use a wider one or --format json\n',
    )
  })

  test('in a very narrow terminal cuts the names', async () => {
    const { stdout } = await runCli(['report', ...NOVEMBER], { folder, env: { COLUMNS: '32' } })
    const lines = stdout.split('\n').slice(0, 8)
    expect(lines[0]).toBe('model        calls          cost')
    expect(lines[2]).toBe('claude-son…      1  ≈$1,234.5679')
  })

  test('holds one line a row, whatever is in a name', async () => {
    const evil = '\u001B[2Jgpt\n5\u202E\r'
    const own = await folderWithCalls([row({ model: evil }), row({ model: '日本語モデル' })])
    const { stdout } = await runCli(['report', ...NOVEMBER], { folder: own })
    expect(stdout.split('\n').map((line) => line.slice(0, 12))).toEqual([
      'model       ',
      '─'.repeat(12),
      '[2Jgpt 5    ',
      expect.stringMatching(/^日本語モデル/),
      '─'.repeat(12),
      'total       ',
      '',
      '2 calls, $0.',
      '',
    ])
  })
})

describe('formats for programs', () => {
  test('json has the exact numbers, rows and totals', async () => {
    const { stdout } = await runCli(['report', ...NOVEMBER, '--format', 'json'], { folder })
    const report = JSON.parse(stdout) as { rows: Record<string, unknown>[]; totals: Record<string, unknown> }
    expect(report).toMatchObject({
      by: 'model',
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      timeZone: 'UTC',
    })
    const models = ['claude-sonnet-5', 'gpt-5', 'gemini-3-pro', 'home-grown']
    expect(report.rows.filter((row) => row['calls'] !== 0)).toEqual(
      models.map((model) =>
        expect.objectContaining({
          key: model,
          calls: billable(model).length,
          inputTokens: sum(billable(model), 'input_tokens'),
          outputTokens: sum(billable(model), 'output_tokens'),
          costNanoUsd: sum(billable(model), 'cost_nano_usd'),
        }),
      ),
    )
    const all = ROWS.filter((row) => row.billable === 1)
    expect(report.totals).toMatchObject({
      calls: all.length,
      inputTokens: sum(all, 'input_tokens'),
      costNanoUsd: sum(all, 'cost_nano_usd'),
      toolCalls: ROWS.filter((row) => row.kind === 'tool').length,
    })
  })

  test('jsonl has a row a line', async () => {
    const { stdout } = await runCli(['report', '--by', 'tool', ...NOVEMBER, '--format', 'jsonl'], { folder })
    expect(jsonLines(stdout)).toMatchObject([
      { tool: 'weather', calls: 3, succeeded: 2, failed: 1, averageDurationMs: 800 },
      { tool: 'search', calls: 1, succeeded: 1, failed: 0, averageDurationMs: null },
    ])
  })

  test('csv has empty cells for what is unknown, and money as an exact decimal', async () => {
    const { stdout } = await runCli(
      ['report', ...NOVEMBER, '--format', 'csv', '--model', 'gpt-5', '--model', 'gemini-3-pro'],
      {
        folder,
      },
    )
    expect(stdout).toBe(`\
model,calls,input_tokens,output_tokens,total_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,cost_nano_usd,\
estimated_calls,unpriced_calls,unknown_usage_calls,errors,tool_calls,tool_errors,average_duration_ms,\
average_time_to_first_token_ms,cost_usd
gpt-5,2,200,40,240,,,,4125049,0,0,0,0,0,0,2000,,0.004125049
gemini-3-pro,1,,,,,,,,0,0,1,1,0,0,,,
`)
  })

  test('csv escapes what a spreadsheet would run', async () => {
    const own = await folderWithCalls([row({ user_id: '=HYPERLINK("http://x","a")' })])
    const { stdout } = await runCli(['report', '--by', 'user', ...NOVEMBER, '--format', 'csv'], { folder: own })
    expect(stdout.split('\n')[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x"",""a""\)",1,/)
  })
})

describe('days', () => {
  // Clocks in Berlin went back at 01:00 UTC on the 25th of October 2026, so that day has 25 hours.
  const STARTS = [
    '2026-10-24T21:59:59.999Z',
    '2026-10-24T22:00:00Z',
    '2026-10-25T22:59:59.999Z',
    '2026-10-25T23:00:00Z',
  ]
  let autumn: string
  beforeAll(async () => {
    autumn = await folderWithCalls(STARTS.map((start) => row({ started_at: Date.parse(start), ended_at: null })))
  })

  async function days(...parameters: string[]): Promise<unknown> {
    const { stdout } = await runCli(['report', '--by', 'day', '--format', 'jsonl', ...DB, ...parameters], {
      folder: autumn,
    })
    return jsonLines(stdout).map(({ key, calls }) => [key, calls])
  }

  test('are those of the time zone', async () => {
    expect(await days('--since', '2026-10-01', '--tz', 'Europe/Berlin')).toEqual([
      ['2026-10-24', 1],
      ['2026-10-25', 2],
      ['2026-10-26', 1],
    ])
    expect(await days('--since', '2026-10-01', '--tz', 'UTC')).toEqual([
      ['2026-10-24', 2],
      ['2026-10-25', 2],
    ])
  })

  test('bound a range from their first to their last moment', async () => {
    const sunday = ['--since', '2026-10-25', '--until', '2026-10-25']
    expect(await days(...sunday, '--tz', 'Europe/Berlin')).toEqual([['2026-10-25', 2]])
    expect(await days(...sunday, '--tz', 'UTC')).toEqual([['2026-10-25', 2]])
  })

  test('are those of the machine if no zone is given', async () => {
    const { stdout } = await runCli(['report', '--since', '2026-10-25', ...DB], {
      folder: autumn,
      env: { TZ: 'Asia/Tokyo' },
    })
    expect(stdout.split('\n').at(-2)).toMatch(/since 2026-10-25 00:00:00 \(Asia\/Tokyo\)$/)
  })
})

describe('--since', () => {
  test.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    // Midnight is skipped there: the day begins at one o'clock.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-08T02:15', 'America/New_York', '2026-03-08T07:15:00.000Z'],
    ['2026-11-01 08:15:30.25', 'Asia/Kathmandu', '2026-11-01T02:30:30.250Z'],
    ['2026-11-01T08:15Z', 'Asia/Tokyo', '2026-11-01T08:15:00.000Z'],
    ['2026-11-01T08:15+02:00', 'Asia/Tokyo', '2026-11-01T06:15:00.000Z'],
    ['1793750400000', 'UTC', '2026-11-04T00:00:00.000Z'],
  ])('%s in %s', async (since, timeZone, expected) => {
    const parameters = ['report', ...DB, '--format', 'json', '--since', since, '--tz', timeZone]
    const { stdout } = await runCli(parameters, { folder })
    expect(JSON.parse(stdout)).toMatchObject({ from: expected, to: null, timeZone })
  })

  test('is 30 days ago unless it is given', async () => {
    const now = Date.now()
    const daysAgo = (days: number) => ({ started_at: now - days * 86_400_000, ended_at: null })
    const own = await folderWithCalls([row(daysAgo(1)), row(daysAgo(29)), row(daysAgo(31))])
    const [recent] = jsonLines((await runCli(['report', ...DB, '--format', 'jsonl'], { folder: own })).stdout)
    expect(recent).toMatchObject({ calls: 2 })
    const [day] = jsonLines(
      (await runCli(['report', ...DB, '--format', 'jsonl', '--since', '48h'], { folder: own })).stdout,
    )
    expect(day).toMatchObject({ calls: 1 })
  })
})

describe('without anything to report', () => {
  test('an empty database says what to try next', async () => {
    const own = await folderWithCalls([])
    const { code, stdout, stderr } = await runCli(['report', ...DB], { folder: own })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toBe(
      `No calls in ${join(own, 'usage.db')} yet. Run your application with "node --import spanledger/register app.js", ` +
        'or try "spanledger import spans.json"\n',
    )
  })

  test('a filter that nothing matches names the newest call', async () => {
    const { code, stdout, stderr } = await runCli(['report', ...NOVEMBER, '--user', 'nobody', '--format', 'csv'], {
      folder,
    })
    expect({ code, rows: stdout.split('\n').length - 2 }).toEqual({ code: 0, rows: 0 })
    expect(stderr).toBe(
      `No calls match. The newest call in ${join(folder, 'usage.db')} started 2026-11-03 12:00:00 (UTC); try an earlier --since or fewer filters\n`,
    )
  })

  test('a report leaves the database as it is', async () => {
    const own = await folderWithCalls(ROWS)
    const before = readFileSync(join(own, 'usage.db'))
    await runCli(['report', ...NOVEMBER], { folder: own })
    expect(readFileSync(join(own, 'usage.db')).equals(before)).toBe(true)
  })
})

describe('periods of time', () => {
  const HOUR = 3_600_000
  const priced = (startedAt: number, cost_nano_usd: number) =>
    row({ ...SMALL, started_at: startedAt, ended_at: startedAt + 1000, cost_nano_usd })

  async function costs(by: string, parameters: readonly string[], calls: readonly Call[]): Promise<unknown[]> {
    const own = await folderWithCalls(calls)
    const { stdout } = await runCli(['report', ...DB, '--by', by, '--format', 'json', ...parameters], { folder: own })
    const { rows } = JSON.parse(stdout) as { rows: { key: string; calls: number; costNanoUsd: number }[] }
    return rows.map(({ key, calls: count, costNanoUsd }) => [key, count, costNanoUsd])
  }

  // Clocks in Berlin went back at 03:00 on the 25th of October 2026, a Sunday: the hour from two to three came twice.
  const CALLS = [
    priced(Date.UTC(2026, 9, 24, 23, 30), 1),
    priced(Date.UTC(2026, 9, 25, 0, 10), 2),
    priced(Date.UTC(2026, 9, 25, 1, 10), 4),
    priced(Date.UTC(2026, 9, 25, 22, 59), 8),
    priced(Date.UTC(2026, 9, 25, 23, 0), 16),
    priced(Date.UTC(2026, 9, 31, 23, 0) + HOUR, 32),
  ]
  const BERLIN = ['--since', '2026-10-01', '--tz', 'Europe/Berlin']

  test.each([
    [
      'hour',
      [
        ['2026-10-25 01:00', 1, 1],
        ['2026-10-25 02:00', 1, 2],
        ['2026-10-25 02:00', 1, 4],
        ['2026-10-25 23:00', 1, 8],
        ['2026-10-26 00:00', 1, 16],
        ['2026-11-01 01:00', 1, 32],
      ],
    ],
    [
      'week',
      [
        ['2026-10-19', 4, 15],
        ['2026-10-26', 2, 48],
      ],
    ],
    [
      'month',
      [
        ['2026-10', 5, 31],
        ['2026-11', 1, 32],
      ],
    ],
  ])('are those of the time zone: %s', async (by, expected) => {
    expect(await costs(by, BERLIN, CALLS)).toEqual(expected)
  })
})

describe('--compare', () => {
  const DAY = 86_400_000
  const on = (day: number, differences: Partial<Call>) =>
    row({ ...SMALL, started_at: NOON + day * DAY, ended_at: NOON + day * DAY + 1000, ...differences })
  const dollars = (amount: number) => ({ cost_nano_usd: amount * 1_000_000_000 })
  const CALLS = [
    on(-1, { model: 'kept', ...dollars(2) }),
    on(-1, { model: 'kept', ...dollars(2), status: 'error' }),
    on(-1, { model: 'gone', ...dollars(1) }),
    on(-3, { model: 'too early', ...dollars(1) }),
    on(0, { model: 'kept', ...dollars(3) }),
    on(0, { model: 'kept', ...dollars(3) }),
    on(0, { model: 'kept', ...dollars(0) }),
    on(1, { model: 'kept', status: 'error', ...dollars(0) }),
    on(1, { model: 'born', ...dollars(0.5) }),
    tool('search', { started_at: NOON, ended_at: NOON + 1000, request_model: null }),
  ]
  const RANGE = ['--since', '2026-11-03', '--until', '2026-11-04']

  test('shows the range before, and the change in percent and points', async () => {
    const own = await folderWithCalls(CALLS)
    const { code, stdout } = await runCli(['report', ...DB, ...RANGE, '--compare'], { folder: own })
    expect(code).toBe(0)
    expect(stdout).toBe(`\
model  calls  before  change     cost   before  change  failed  before        change
────────────────────────────────────────────────────────────────────────────────────
kept       4       2   +100%  $6.0000  $4.0000    +50%     25%     50%    −25 points
born       1       0     new  $0.5000  $0.0000     new      0%       –             –
gone       0       1   −100%  $0.0000  $1.0000   −100%       –      0%             –
────────────────────────────────────────────────────────────────────────────────────
total      5       3    +67%  $6.5000  $5.0000    +30%     20%   33.3%  −13.3 points

5 calls, compared with the range of equal length before · since 2026-11-03 00:00:00 until 2026-11-05 00:00:00 (UTC)
`)
  })

  test('gives programs both ranges', async () => {
    const own = await folderWithCalls(CALLS)
    const { stdout } = await runCli(['report', ...DB, ...RANGE, '--compare', '--format', 'json'], { folder: own })
    const { rows } = JSON.parse(stdout) as { rows: Record<string, Record<string, unknown> | null>[] }
    expect(
      rows
        .filter(({ key }) => key !== null)
        .map(({ key, calls, previous }) => [key, calls, previous?.['calls'], previous?.['costNanoUsd']]),
    ).toEqual([
      ['kept', 4, 2, 4_000_000_000],
      ['born', 1, undefined, undefined],
      ['gone', undefined, 1, 1_000_000_000],
    ])
  })

  test.each([
    [['--until', '2026-11-04'], '--compare needs the start of a range; add --since'],
    [[...RANGE, '--by', 'week'], '--compare has no rows in common by week; use --by model'],
  ])('is refused with %j', async (parameters, message) => {
    const { code, stderr } = await runCli(['report', ...DB, '--compare', ...parameters], { folder })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) })
  })
})
