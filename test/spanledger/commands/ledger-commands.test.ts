import { join } from 'node:path'
import { openStore } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { emptyFolder, folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const DAY = 86_400_000

const id = (number: number) => ({ span_id: number.toString(16).padStart(16, '0') })

describe('spanledger trace', () => {
  const run = call({
    ...id(1),
    run_id: id(1).span_id,
    kind: 'run',
    billable: 0,
    operation: 'plan',
    model: null,
    cost_nano_usd: null,
  })
  const child = { run_id: run.span_id, parent_span_id: run.span_id }
  const calls = [
    run,
    call({ ...id(2), ...child }),
    call({
      ...id(3),
      ...child,
      parent_span_id: id(2).span_id,
      kind: 'tool',
      billable: 0,
      tool_name: 'search',
      status: 'error',
      error_message: 'no net',
    }),
  ]

  test('prints a trace as a tree, by its id or that of a call in it', async () => {
    const folder = await folderWithCalls(calls)
    const { code, stdout, stderr } = await runCli(['trace', run.trace_id, ...DB], { folder })
    expect(code).toBe(0)
    const lines = stdout.split('\n').slice(2)
    expect(lines[0]).toMatch(/^plan +run +ok/)
    expect(lines[1]).toMatch(/^· gpt-5 +model +ok +140 +\$0\.0005 +1\.0s +█/)
    expect(lines[2]).toMatch(/^· · search +tool +error .* no net/)
    expect(stderr).toContain('1 billed call, $0.0005')
    expect((await runCli(['trace', `${run.trace_id}-${id(3).span_id}`, ...DB], { folder })).stdout).toBe(stdout)
  })

  test('gives its calls to programs', async () => {
    const folder = await folderWithCalls(calls)
    const { stdout } = await runCli(['trace', run.trace_id, '--format', 'jsonl', ...DB], { folder })
    expect(jsonLines(stdout).map(({ span_id }) => span_id)).toEqual([1, 2, 3].map((number) => id(number).span_id))
  })

  test('takes the first characters of an id, and lists the traces that have them in common', async () => {
    const folder = await folderWithCalls([
      call({ ...id(1), trace_id: `05c6e5ed${'0'.repeat(24)}`, model: 'first', started_at: 0 }),
      call({ ...id(2), trace_id: `05c6e5ed${'f'.repeat(24)}`, model: 'second', started_at: 60_000 }),
      call({ ...id(3), trace_id: `05c6e5ed${'f'.repeat(24)}`, model: 'second', started_at: 61_000 }),
      call({ ...id(4), trace_id: `05d${'0'.repeat(29)}`, model: 'third' }),
    ])
    const traceOf = (prefix: string) => runCli(['trace', prefix, ...DB], { folder })
    expect((await traceOf('05d')).stdout).toContain('third')
    expect((await traceOf('05C6E5EDff')).stdout.match(/second/g)).toHaveLength(2)
    expect((await traceOf(`05c6e5ed${'f'.repeat(24)}-${id(3).span_id.slice(0, 4)}`)).stdout).toContain('second')
    expect(await traceOf('05c6e5ed')).toEqual({
      code: 1,
      stdout: '',
      stderr: `\
"05c6e5ed" is the start of 2 trace ids; type more of one:
  05c6e5ed000000000000000000000000  1970-01-01 00:00:00  1 row
  05c6e5edffffffffffffffffffffffff  1970-01-01 00:01:00  2 rows
`,
    })
    expect(await traceOf('05e')).toMatchObject({ code: 1, stderr: expect.stringContaining('No trace "05e"') })
  })

  test('says where ids are when there is none', async () => {
    const { code, stderr } = await runCli(['trace', 'nonsense', ...DB], { folder: await folderWithCalls(calls) })
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('No trace "nonsense"') })
  })
})

describe('spanledger budgets', () => {
  test('makes, lists and removes budgets', async () => {
    const folder = await folderWithCalls([
      call({ ...id(1), project_id: 'shop', cost_nano_usd: 2_500_000_000, started_at: Date.now() }),
      call({ ...id(2), cost_nano_usd: 2_500_000_000, started_at: Date.now() }),
    ])
    const budget = ['budgets', 'add', 'shop', '--limit', '10', '--for', 'project=shop', '--period', 'day']
    expect((await runCli([...budget, '--webhook', 'https://example.com/h', ...DB], { folder })).code).toBe(0)
    const { stdout } = await runCli(['budgets', '--format', 'json', ...DB], { folder })
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'shop', scope: { project: 'shop' }, period: 'day', tz: 'UTC', limitUsd: 10, spentUsd: 2.5, percent: 25 },
    ])
    expect((await runCli(['budgets', 'list', ...DB], { folder })).stdout).toMatch(
      /shop +project=shop +day +\$2\.5000 +\$10\.0000 +25%/,
    )
    expect((await runCli(['budgets', 'remove', 'shop', ...DB], { folder })).code).toBe(0)
    expect((await runCli(['budgets', 'remove', 'shop', ...DB], { folder })).code).toBe(1)
  })

  test.each([
    [['--limit', 'much']],
    [['--limit', '0']],
    [['--limit', '5', '--for', 'color=red']],
    [['--limit', '5', '--webhook', 'ftp://example.com']],
    [['--limit', '5', '--tz', 'Mars']],
    [[]],
  ])('refuses %j', async (rest) => {
    const { code } = await runCli(['budgets', 'add', 'x', ...rest, ...DB], { folder: emptyFolder() })
    expect(code).toBe(2)
  })
})

describe('spanledger prune and rollup', () => {
  const now = Date.now()
  const calls = [1, 2, 3].map((number) =>
    call({ ...id(number), run_id: id(number).span_id, started_at: now - number * 100 * DAY }),
  )

  test('takes away what is old when told twice, and keeps its sums', async () => {
    const folder = await folderWithCalls(calls)
    const dry = await runCli(['prune', '--calls', '150d', ...DB], { folder })
    expect({ code: dry.code, stdout: dry.stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 calls'),
    })
    expect(dry.stderr).toContain('add --yes')
    const done = await runCli(['prune', '--calls', '150d', '--yes', ...DB], { folder })
    expect(done.stdout).toContain('2 calls')
    const store = await openStore({ path: join(folder, 'usage.db') })
    const { calls: left } = await store.calls({})
    const { calls: counted } = await store.summary({})
    await store.close()
    expect({ left: left.length, counted }).toEqual({ left: 1, counted: 3 })
    const check = await runCli(['rollup', '--check', ...DB], { folder })
    expect({ code: check.code, stdout: check.stdout }).toEqual({ code: 0, stdout: '' })
  })

  test('wants to know what is old, and what to do', async () => {
    const folder = await folderWithCalls(calls)
    expect((await runCli(['prune', ...DB], { folder })).code).toBe(2)
    expect((await runCli(['rollup', ...DB], { folder })).code).toBe(2)
    expect((await runCli(['rollup', '--rebuild', ...DB], { folder })).stderr).toContain('Rebuilt the rollups of')
  })
})

describe('spanledger demo', () => {
  test('fills a database of its own by way of the server, all of it marked', async () => {
    const folder = emptyFolder()
    const began = Date.now()
    const { code, stdout, stderr } = await runCli(['demo', '--days', '6', '--exit'], { folder })
    expect(stderr).toContain('Demo data')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\n$/) })
    const store = await openStore({ path: join(folder, '.spanledger', 'demo-days.db') })
    const environments = await store.breakdown({}, 'environment')
    const kinds = new Set((await store.breakdown({}, 'operation')).map(({ key }) => key))
    const { calls: newest } = await store.calls({}, { limit: 1 })
    const sums = await store.summary({})
    const usersOf = new Map<string, Set<string | null>>()
    const searches = { bad: [] as boolean[], other: [] as boolean[] }
    for await (const one of store.iterate({})) {
      const { session_id: session, user_id: user } = one
      if (session !== null) usersOf.set(session, (usersOf.get(session) ?? new Set()).add(user))
      if (one.tool_name !== 'search_products') continue
      const daysAgo = Math.floor((began - one.started_at) / DAY)
      searches[daysAgo === 4 ? 'bad' : 'other'].push(one.status === 'error')
    }
    await store.close()
    expect(sums.cacheReadTokens).toBeGreaterThan(0)
    expect(sums.cacheWriteTokens).toBeGreaterThan(0)
    expect(sums.reasoningTokens).toBeGreaterThan(0)
    expect([...usersOf].filter(([, users]) => users.size > 1)).toEqual([])
    const failed = (calls: readonly boolean[]) => calls.filter(Boolean).length / calls.length
    expect(failed(searches.bad)).toBeGreaterThan(0.6)
    expect(failed(searches.other)).toBeLessThan(0.4)
    expect(environments.map(({ key }) => key)).toEqual(['demo'])
    expect([...kinds]).toEqual(expect.arrayContaining(['chat', 'answer_ticket', 'summarize', 'index']))
    expect(newest[0]?.metadata).toEqual({ demo: true })
    expect(newest[0]!.started_at).toBeLessThan(Date.now())
  })
})
