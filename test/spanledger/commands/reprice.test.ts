import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Call, toCallLine } from '@spanledger/core'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { chat, request } from '../otlp-file.ts'
import { query } from '../run-app.ts'
import { emptyFolder, folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const OCTOBER = Date.UTC(2026, 9, 15)
const NOVEMBER = Date.UTC(2026, 10, 15)

function numbered(number: number, differences: Partial<Call>): Call {
  const span_id = number.toString(16).padStart(16, '0')
  return call({ span_id, run_id: span_id, cache_read_tokens: 0, started_at: NOVEMBER, ...differences })
}

const UNPRICED = { cost_nano_usd: null, cost_source: null, cost_reason: 'unknown_model', price_version: null } as const

// All calls but where it says so: 100 tokens in, 40 out.
const CALLS: readonly Call[] = [
  // What the list says: 100 × 1,250 + 40 × 10,000.
  numbered(1, { cost_nano_usd: 525_000 }),
  // What an older list said.
  numbered(2, { cost_nano_usd: 600_000, started_at: OCTOBER }),
  numbered(3, { ...UNPRICED, model: 'home-grown', request_model: 'home-grown' }),
  numbered(4, { cost_nano_usd: 7, cost_source: 'provider', price_version: null }),
  numbered(5, { cost_nano_usd: 8, cost_source: 'reported', price_version: null }),
  // 30 of the 100 read from a cache, 20 written to it, 15 of them for an hour; two searches.
  numbered(6, {
    ...UNPRICED,
    provider: 'anthropic',
    model: 'claude-sonnet-4-5-20250929',
    request_model: 'claude-sonnet-4-5',
    cache_read_tokens: 30,
    cache_write_tokens: 20,
    usage_details: { cacheWrite1hTokens: 15, searches: 2 },
  }),
  numbered(7, { service_tier: 'flex', ...UNPRICED, cost_reason: 'unpriced_tier' }),
  numbered(8, { kind: 'run', billable: 0, cost_nano_usd: null, cost_source: null, price_version: null }),
]

// 50 × 3,000 + 30 × 300 + 5 × 3,750 + 15 × 6,000 + 40 × 15,000 + 2 × 10,000,000
const CLAUDE = 150_000 + 9_000 + 18_750 + 90_000 + 600_000 + 20_000_000

const MONEY = `select cost_nano_usd as cost, cost_source as source, previous_cost_nano_usd as previous,
  repriced_at is not null as is_repriced from calls order by span_id`

const money = (folder: string) => query(join(folder, 'usage.db'), MONEY)
const unchanged = (cost: number | null, source: string | null) => ({ cost, source, previous: null, is_repriced: 0 })
const repriced = (cost: number | null, source: string | null, previous: number | null) => ({
  cost,
  source,
  previous,
  is_repriced: 1,
})

async function reprice(folder: string, ...rest: string[]): Promise<Awaited<ReturnType<typeof runCli>>> {
  return runCli(['reprice', ...rest, ...DB], { folder })
}

async function setPrice(folder: string, ...rest: string[]): Promise<void> {
  const { code, stderr } = await runCli(['prices', 'set', ...rest, ...DB], { folder })
  if (code !== 0) throw new Error(stderr)
}

describe('a dry run, the default,', () => {
  test('says old and new sums for each model, and writes nothing', async () => {
    const folder = await folderWithCalls(CALLS)
    const before = query(join(folder, 'usage.db'), 'select * from calls')
    const { code, stdout, stderr } = await reprice(folder)
    expect(code).toBe(0)
    expect(stdout).toBe(`\
model                                 calls  changed  old cost  new cost  unpriced before  after
────────────────────────────────────────────────────────────────────────────────────────────────
anthropic/claude-sonnet-4-5-20250929      1        1         –   $0.0209                1      0
openai/gpt-5                              3        1   $0.0011   $0.0011                1      1
────────────────────────────────────────────────────────────────────────────────────────────────
total                                     5        2   $0.0011   $0.0219                3      2
`)
    expect(stderr).toBe(
      `2 calls of 5 would change: from $0.001125 to $0.02191775\nNothing was written; add --yes to write\n`,
    )
    expect(query(join(folder, 'usage.db'), 'select * from calls')).toEqual(before)
    expect(await reprice(folder, '--dry-run')).toEqual({ code, stdout, stderr })
  })

  test('can be read by a program, exact to the nano', async () => {
    const folder = await folderWithCalls(CALLS)
    await setPrice(folder, 'openai', 'home-grown', '--input', '0.123', '--output', '1')
    const { stdout } = await reprice(folder, '--format', 'json')
    expect(JSON.parse(stdout)).toEqual({
      isWritten: false,
      rows: [
        {
          provider: 'anthropic',
          model: 'claude-sonnet-4-5-20250929',
          calls: 1,
          changed: 1,
          oldCostNanoUsd: null,
          newCostNanoUsd: CLAUDE,
          unpricedBefore: 1,
          unpricedAfter: 0,
        },
        {
          provider: 'openai',
          model: 'gpt-5',
          calls: 3,
          changed: 1,
          oldCostNanoUsd: 1_125_000,
          newCostNanoUsd: 1_050_000,
          unpricedBefore: 1,
          unpricedAfter: 1,
        },
        {
          provider: 'openai',
          model: 'home-grown',
          calls: 1,
          changed: 1,
          oldCostNanoUsd: null,
          // 100 × 123 + 40 × 1,000
          newCostNanoUsd: 52_300,
          unpricedBefore: 1,
          unpricedAfter: 0,
        },
      ],
      totals: {
        provider: null,
        model: 'total',
        calls: 5,
        changed: 3,
        oldCostNanoUsd: 1_125_000,
        newCostNanoUsd: 1_050_000 + CLAUDE + 52_300,
        unpricedBefore: 3,
        unpricedAfter: 1,
      },
    })
    expect(jsonLines((await reprice(folder, '--format', 'jsonl')).stdout)).toHaveLength(3)
    const csv = (await reprice(folder, '--format', 'csv')).stdout.split('\n')
    expect(csv.slice(0, 2)).toEqual([
      'provider,model,calls,changed,old_cost_nano_usd,new_cost_nano_usd,unpriced_before,unpriced_after',
      `anthropic,claude-sonnet-4-5-20250929,1,1,,${CLAUDE},1,0`,
    ])
  })
})

describe('--yes', () => {
  test('writes the new costs and keeps the old ones; never those of the answer or of somebody else', async () => {
    const folder = await folderWithCalls(CALLS)
    await setPrice(folder, 'openai', 'home-grown', '--alias-of', 'openai/gpt-5', '--discount', '0.8')
    await setPrice(folder, 'openai', 'gpt-5', '--tier', 'flex', '--discount', '0.5')
    const { code, stderr } = await reprice(folder, '--yes')
    expect(code).toBe(0)
    expect(stderr).toBe('4 calls of 5 changed: from $0.001125 to $0.02260025\n')
    expect(money(folder)).toEqual([
      unchanged(525_000, 'list'),
      repriced(525_000, 'list', 600_000),
      repriced(420_000, 'custom', null), // 525,000 × 0.8
      unchanged(7, 'provider'),
      unchanged(8, 'reported'),
      repriced(CLAUDE, 'list', null),
      repriced(262_500, 'custom', null), // 525,000 × 0.5
      unchanged(null, null),
    ])
    const versions = query(join(folder, 'usage.db'), 'select price_version, cost_reason, cost_flags from calls')
    expect(versions[2]).toEqual({
      price_version: expect.stringMatching(/^custom:[\da-f]{8}#0=list@\S+:openai\/gpt-5$/),
      cost_reason: null,
      cost_flags: null,
    })
  })

  test('changes nothing the second time, nor when a price of something else comes', async () => {
    const folder = await folderWithCalls(CALLS)
    await reprice(folder, '--yes')
    const before = query(join(folder, 'usage.db'), 'select * from calls')
    const again = await reprice(folder, '--yes')
    expect(again).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nothing to change: 5 calls already at current prices\n',
    })
    await setPrice(folder, 'mine', 'm', '--input', '1', '--output', '2')
    expect((await reprice(folder, '--yes')).stderr).toBe(again.stderr)
    expect(query(join(folder, 'usage.db'), 'select * from calls')).toEqual(before)
  })

  test('uses the price that held when the call began', async () => {
    const folder = await folderWithCalls([
      numbered(1, { started_at: OCTOBER }),
      numbered(2, { started_at: Date.UTC(2026, 10, 1) - 1 }),
      numbered(3, { started_at: Date.UTC(2026, 10, 1) }),
    ])
    await setPrice(folder, 'openai', 'gpt-5', '--input', '1', '--output', '2', '--from', '2026-11-01')
    await reprice(folder, '--yes')
    const listed = 525_000
    expect(money(folder).map((row) => row['cost'])).toEqual([listed, listed, 180_000]) // 100 × 1,000 + 40 × 2,000
  })

  test.each<[string, string[], number[]]>([
    ['a model', ['--model', 'home-grown'], [3]],
    ['a provider', ['--provider', 'anthropic'], [6]],
    ['a time', ['--until', '2026-10-31'], [2]],
    ['a later time', ['--since', '2026-11-01', '--provider', 'openai'], [3, 7]],
  ])('only for %s', async (_, filter, numbers) => {
    const folder = await folderWithCalls(CALLS)
    await setPrice(folder, 'openai', 'home-grown', '--input', '1', '--output', '1')
    await setPrice(folder, 'openai', 'gpt-5', '--tier', 'flex', '--discount', '0.5')
    expect((await reprice(folder, '--yes', ...filter)).code).toBe(0)
    expect(money(folder).flatMap((row, index) => (row['is_repriced'] === 1 ? [index + 1] : []))).toEqual(numbers)
  })

  test('goes back when a custom price goes, and says how to keep it', async () => {
    const folder = await folderWithCalls([numbered(1, {})])
    await setPrice(folder, 'openai', 'gpt-5', '--discount', '0.9')
    await reprice(folder, '--yes')
    expect(money(folder)).toEqual([repriced(472_500, 'custom', 525_000)])
    await runCli(['prices', 'remove', 'openai', 'gpt-5', ...DB], { folder })
    const { stderr } = await reprice(folder)
    expect(stderr).toContain('1 call had a custom price that is missing here: store it in the database')
    await reprice(folder, '--yes')
    expect(money(folder)).toEqual([repriced(525_000, 'list', 472_500)])
  })

  test('applies the file of SPANLEDGER_PRICES after the prices in the database', async () => {
    const mini = { model: 'gpt-5-mini', request_model: 'gpt-5-mini' }
    const folder = await folderWithCalls([numbered(1, {}), numbered(2, mini)])
    await setPrice(folder, 'openai', 'gpt-5', '--discount', '0.9')
    const file = { schema: 1, prices: [{ provider: 'openai', model: 'gpt-5*', per_mtok: { input: '1', output: '1' } }] }
    writeFileSync(join(folder, 'own.json'), JSON.stringify(file))
    const env = { SPANLEDGER_PRICES: 'own.json' }
    expect((await runCli(['reprice', '--yes', ...DB], { folder, env })).code).toBe(0)
    expect(money(folder).map((row) => row['cost'])).toEqual([472_500, 140_000])
  })

  test('applies a newer published list', async () => {
    const folder = await folderWithCalls([numbered(1, { model: 'gpt-9', ...UNPRICED })])
    const models = [{ id: 'gpt-9', match: { equals: 'gpt-9' }, prices: { input_mtok: 2, output_mtok: 3 } }]
    writeFileSync(join(folder, 'data.json'), JSON.stringify([{ id: 'openai', models }]))
    await runCli(['prices', 'update', '--from', 'data.json', ...DB], { folder })
    await reprice(folder, '--yes')
    expect(money(folder)).toEqual([repriced(320_000, 'list', null)]) // 100 × 2,000 + 40 × 3,000
  })
})

test('a redelivery of the original does not undo it', async () => {
  const folder = await folderWithCalls(CALLS)
  await reprice(folder, '--yes')
  const before = query(join(folder, 'usage.db'), 'select * from calls')
  writeFileSync(join(folder, 'calls.jsonl'), CALLS.map((line) => `${toCallLine(line)}\n`).join(''))
  expect((await runCli(['import', 'calls.jsonl', ...DB], { folder })).code).toBe(0)
  expect(query(join(folder, 'usage.db'), 'select * from calls')).toEqual(before)
})

test('an import goes by the prices in the database, and pricing again then changes nothing', async () => {
  const folder = emptyFolder()
  await setPrice(folder, 'openai', 'gpt-4o', '--input', '1', '--output', '2', '--cache-read', '0.1')
  const cached = { 'gen_ai.usage.cache_read.input_tokens': 400 }
  writeFileSync(
    join(folder, 'spans.json'),
    JSON.stringify(request(chat({ id: 1, attributes: cached }), chat({ id: 2 }))),
  )
  expect((await runCli(['import', 'spans.json', ...DB], { folder })).code).toBe(0)
  // 600 × 1,000 + 400 × 100 + 100 × 2,000; and as if nothing came from a cache, because nobody told.
  expect(query(join(folder, 'usage.db'), 'select cost_nano_usd, cost_source, cost_flags from calls')).toEqual([
    { cost_nano_usd: 840_000, cost_source: 'custom', cost_flags: null },
    { cost_nano_usd: 1_200_000, cost_source: 'custom', cost_flags: '["cache_unknown"]' },
  ])
  expect((await reprice(folder, '--yes')).stderr).toBe('Nothing to change: 2 calls already at current prices\n')
})

test('many calls are all priced', async () => {
  const folder = await folderWithCalls(
    Array.from({ length: 1234 }, (_, index) => numbered(index + 1, { cost_nano_usd: 1 })),
  )
  const { stderr } = await reprice(folder, '--yes')
  expect(stderr).toBe('1,234 calls of 1,234 changed: from $0.000001234 to $0.64785\n')
  const sums = 'select count(*) as calls, sum(cost_nano_usd) as cost, sum(previous_cost_nano_usd) as old from calls'
  expect(query(join(folder, 'usage.db'), sums)).toEqual([{ calls: 1234, cost: 1234 * 525_000, old: 1234 }])
})

describe('wrong usage', () => {
  test('is both --yes and --dry-run', async () => {
    const { code, stderr } = await runCli(['reprice', '--yes', '--dry-run', ...DB])
    expect(code).toBe(2)
    expect(stderr).toContain("option '--dry-run' cannot be used with option '--yes'")
  })

  test.each([[[]], [['--yes']]])('%j of a database that is not there makes none', async (flags) => {
    const folder = emptyFolder()
    const { code, stderr } = await reprice(folder, ...flags)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `No database at ${join(folder, 'usage.db')}; run your application with spanledger/register, or pass --db file:path\n`,
    )
  })
})

test('without a call that a price decides there is nothing to do', async () => {
  const folder = await folderWithCalls([numbered(1, { cost_source: 'provider' })])
  expect(await reprice(folder)).toEqual({
    code: 0,
    stdout: '',
    stderr: 'No matching call gets its cost from a price\n',
  })
})
