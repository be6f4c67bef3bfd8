import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { freshSchema, sharedPostgres } from './postgres.ts'
import { collect } from './stores.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-20T12:00Z')
const CALLS = [
  buildCall({ span_id: 'a'.repeat(16), project_id: 'shop', started_at: NOW, cost_nano_usd: 6, cost_source: 'list' }),
  buildCall({ span_id: 'b'.repeat(16), project_id: null, started_at: NOW - 30 * DAY }),
]
const POSITION = { segment: 'one', offset: 80 }

let folder: string
let callFile: string
let smallFile: string
let opened: Store[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanledger-small-tables-'))
  callFile = join(folder, 'calls.db')
  smallFile = join(folder, 'rest.db')
  opened = []
})

afterEach(async () => {
  for (const store of opened) await store.close()
  rmSync(folder, { recursive: true })
})

async function open(options: Partial<OpenStoreOptions> = {}): Promise<Store> {
  const store = await openStore({ path: callFile, smallTables: `file:${smallFile}`, now: () => NOW, ...options })
  opened.push(store)
  return store
}

function count(path: string, table: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const row = database.prepare(`SELECT count(*) AS rows_there FROM ${table}`).get()
  database.close()
  return Number(row?.['rows_there'])
}

async function fill(store: Store): Promise<void> {
  await store.write(CALLS, { position: POSITION, links: [{ traceId: 'a'.repeat(32), spanId: 's', parentId: 'p' }] })
  await store.createBudget({ name: 'Shop', scope: { project: 'shop' }, period: 'day', tz: 'UTC', limitNanoUsd: 12 })
  await store.writeEvents([{ id: 'old', name: 'chat', occurredAt: NOW - 30 * DAY, properties: {} }])
  await store.changePrices(() => ({
    schema: 1,
    prices: [{ provider: 'openai', model: 'own', per_mtok: { input: '1', output: '1' } }],
  }))
}

test('calls and what is read from them are in one file, everything else in the other', async () => {
  await fill(await open())
  const ofCalls = ['calls', 'rollup_days', 'span_links']
  const others = ['projects', 'budgets', 'events', 'prices', 'journal_positions']
  expect(ofCalls.map((table) => count(callFile, table) > 0)).toEqual([true, true, true])
  expect(others.map((table) => count(callFile, table))).toEqual([0, 0, 0, 0, 0])
  expect(ofCalls.map((table) => count(smallFile, table))).toEqual([0, 0, 0])
  expect(others.map((table) => count(smallFile, table))).toEqual([1, 1, 1, 1, 1])
})

test('a budget counts the calls of the other database', async () => {
  const store = await open()
  await fill(store)
  expect(await store.budgets()).toMatchObject([{ name: 'Shop', spentNanoUsd: 6, percent: 50 }])
})

test('a position that is not valid is refused before a call is stored', async () => {
  const store = await open()
  await expect(store.write(CALLS, { position: { segment: 'one', offset: -1 } })).rejects.toThrow(
    'position cannot be -1',
  )
  expect(await store.summary({})).toMatchObject({ calls: 0 })
})

test('the project of a call that is rejected is not created', async () => {
  const store = await open()
  await store.write([buildCall({ project_id: 'bad', input_tokens: -1 }), buildCall({ project_id: 'good\0' })])
  expect((await store.projects()).map(({ id }) => id)).toEqual(['good\u2400'])
})

describe('a write that fails between the calls and the position', () => {
  async function writeWhileLocked(store: Store): Promise<unknown> {
    const other = new DatabaseSync(smallFile)
    other.exec('BEGIN IMMEDIATE')
    try {
      return await store.write(CALLS, { position: POSITION }).catch((error: unknown) => error)
    } finally {
      other.exec('ROLLBACK')
      other.close()
    }
  }

  test('leaves the calls without their position', async () => {
    const store = await open({ busyTimeoutMs: 20 })
    expect(String(await writeWhileLocked(store))).toContain(`${smallFile} was locked`)
    expect((await store.calls({})).calls).toHaveLength(2)
    expect(await store.journalPosition('one')).toBeUndefined()
    expect(await store.projects()).toEqual([])
  })

  test('can be repeated: the rows are the same, and calls that were stored count as deduplicated', async () => {
    const store = await open({ busyTimeoutMs: 20 })
    await writeWhileLocked(store)
    const { calls } = await store.calls({}, { content: true })
    expect(await store.write(CALLS, { position: POSITION })).toEqual({ stored: 0, deduplicated: 2, rejected: [] })
    expect((await store.calls({}, { content: true })).calls).toEqual(calls)
    expect(await store.journalPosition('one')).toEqual({ offset: 80, stored: 0, deduplicated: 2, rejected: 0 })
    expect(await store.projects()).toMatchObject([{ id: 'shop' }])
    expect(await store.rollupCheck()).toMatchObject({ differing: 0 })
  })
})

test('pruning covers both databases', async () => {
  const store = await open()
  await fill(store)
  const limits = { callsOlderThan: NOW - DAY }
  const expected = [
    { what: 'calls', rows: 1, isDone: true },
    { what: 'events', rows: 1, isDone: true },
  ]
  expect(await collect(store.prune({ ...limits, dryRun: true }))).toEqual(expected)
  expect(await collect(store.prune(limits))).toEqual(expected)
  expect([count(callFile, 'calls'), count(smallFile, 'events')]).toEqual([1, 0])
})

test('the size is that of both databases', async () => {
  const store = await open()
  await fill(store)
  const bytesOf = (path: string) => {
    const database = new DatabaseSync(path, { readOnly: true })
    const row = database
      .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
      .get()
    database.close()
    return Number(row?.['bytes'])
  }
  expect(await store.size()).toMatchObject({
    dialect: 'sqlite',
    database: 'SQLite',
    sizeBytes: bytesOf(callFile) + bytesOf(smallFile),
    calls: 2,
  })
})

test('nothing is written when both are open for reading only', async () => {
  await fill(await open())
  const store = await open({ readOnly: true })
  expect(await store.projects()).toMatchObject([{ id: 'shop' }])
  await expect(store.write(CALLS)).rejects.toThrow(`The store at ${callFile} is open for reading only`)
  await expect(store.ensureProject({ id: 'new' })).rejects.toThrow(`The store at ${smallFile} is open for reading only`)
})

test('closing releases both', async () => {
  const store = await open()
  await store.close()
  await store.close()
  await expect(store.summary({})).rejects.toThrow(`The store at ${callFile} is closed`)
  await expect(store.projects()).rejects.toThrow(`The store at ${smallFile} is closed`)
})

test('reading threads answer for the database of the calls', async () => {
  const store = await open({ readingThreads: 1 })
  await fill(store)
  expect(await store.summary({})).toMatchObject({ calls: 2 })
  expect(await store.budgets()).toMatchObject([{ spentNanoUsd: 6 }])
})

test('calls in a SQLite file and the rest in Postgres', async () => {
  const server = await sharedPostgres()
  const store = await open({ smallTables: `${server.url}?schema=${freshSchema()}` })
  await fill(store)
  expect(await store.budgets()).toMatchObject([{ name: 'Shop', spentNanoUsd: 6 }])
  expect(await store.journalPosition('one')).toEqual({ offset: 80, stored: 2, deduplicated: 0, rejected: 0 })
  expect(await store.projects()).toMatchObject([{ id: 'shop' }])
  expect(await collect(store.prune({ callsOlderThan: NOW - DAY }))).toMatchObject([{ rows: 1 }, { rows: 1 }])
})
