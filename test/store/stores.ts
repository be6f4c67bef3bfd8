import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import { freshSchema, sharedPostgres } from './postgres.ts'

/** A database of one test, empty at first. */
export interface TestDatabase {
  /** As the command takes it. */
  readonly url: string
  open(options?: Pick<OpenStoreOptions, 'readOnly' | 'now' | 'usesRollups' | 'smallTables'>): Promise<Store>
  /** Asks the database itself, past the store. */
  rows(sql: string): Promise<Record<string, unknown>[]>
  /** Changes the database itself, past the store. */
  change(sql: string): Promise<void>
  /** Deletes every row that was written; quicker than a database for each of many small cases. */
  empty(): Promise<void>
  remove(): Promise<void>
}

// What the schema itself puts into its tables.
const KEPT_TABLES: ReadonlySet<string> = new Set(['spanledger_migrations', 'rollup_state', 'log_clock'])

/** Every database that keeps the contract of `Store`. */
export const DATABASES: readonly { readonly name: string; readonly create: () => Promise<TestDatabase> }[] = [
  { name: 'sqlite', create: createSqlite },
  { name: 'postgres', create: createPostgres },
]

/** Every way to put a store together: the databases, and calls in one with the small tables in another. */
export const STORES: typeof DATABASES = [...DATABASES, { name: 'two sqlite files', create: createTwoFiles }]

const SMALL_TABLES = /\b(?:projects|prices|budgets|budget_warnings|events|journal_positions)\b/

/** Calls in one SQLite file, everything else in a second. */
async function createTwoFiles(): Promise<TestDatabase> {
  const calls = await createSqlite()
  const small = await createSqlite()
  const fileOf = (sql: string) => (SMALL_TABLES.test(sql) ? small : calls)
  return {
    url: calls.url,
    open: (options = {}) => calls.open({ ...options, smallTables: small.url }),
    rows: (sql) => fileOf(sql).rows(sql),
    change: (sql) => fileOf(sql).change(sql),
    async empty() {
      await calls.empty()
      await small.empty()
    },
    async remove() {
      await calls.remove()
      await small.remove()
    },
  }
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-store-'))
  const path = join(folder, 'usage.db')
  const opened: Store[] = []
  return {
    url: `file:${path}`,
    async open(options = {}) {
      const store = await openStore({ path, ...options })
      opened.push(store)
      return store
    },
    async rows(sql) {
      const database = new DatabaseSync(path, { readOnly: true })
      try {
        return database
          .prepare(sql)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        database.close()
      }
    },
    async change(sql) {
      const database = new DatabaseSync(path)
      database.exec(sql)
      database.close()
    },
    async empty() {
      const database = new DatabaseSync(path)
      const tables = database.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      database.exec(`BEGIN IMMEDIATE; ${deleteFrom(tables.all().map(({ name }) => String(name)))} COMMIT`)
      database.close()
    },
    async remove() {
      for (const store of opened) await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function createPostgres(): Promise<TestDatabase> {
  const server = await sharedPostgres()
  const schema = freshSchema()
  const opened: Store[] = []
  const url = `${server.url}?schema=${schema}`
  return {
    url,
    async open(options = {}) {
      const store = await openStore({ url, ...options })
      opened.push(store)
      return store
    },
    async rows(sql) {
      const client = await server.connect()
      try {
        await client.query(`SET search_path = ${schema}`)
        return (await client.query<Record<string, unknown>>(sql)).rows
      } finally {
        await client.end()
      }
    },
    async change(sql) {
      const client = await server.connect()
      try {
        await client.query(`SET search_path = ${schema}`)
        await client.query(sql)
      } finally {
        await client.end()
      }
    },
    async empty() {
      const tables = await server.query(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`)
      const names = tables.map(({ tablename }) => String(tablename))
      await server.query(deleteFrom(names, `${schema}.`))
    },
    async remove() {
      for (const store of opened) await store.close()
    },
  }
}

function deleteFrom(tables: readonly string[], schema = ''): string {
  return tables
    .filter((name) => !KEPT_TABLES.has(name))
    .map((name) => `DELETE FROM ${schema}${name};`)
    .join(' ')
}

/** All that an iterator gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
