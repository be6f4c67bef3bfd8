import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Call } from '@spanledger/core'
import { openStore } from '@spanledger/store'

const CREATED_AT = Date.parse('2026-01-01T00:00Z')

/** The values of a row, prepared in advance. */
export interface PlainRow {
  readonly call: SQLInputValue[]
  readonly content: SQLInputValue[] | null
}

/** The store's tables, with plain inserts only. */
export interface Plain {
  rowsOf(calls: readonly Call[]): PlainRow[]
  write(rows: readonly PlainRow[]): void
  close(): void
}

export async function openPlain(path: string): Promise<Plain> {
  const made = await openStore({ path })
  await made.close()
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 12000; PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000`)
  const callColumns = columnsOf(database, 'calls').filter((name) => name !== 'ingest_seq')
  const contentColumns = ['ingest_seq', ...columnsOf(database, 'call_contents').filter((name) => name !== 'ingest_seq')]
  const insertCall = database.prepare(insert('calls', callColumns))
  const insertContent = database.prepare(insert('call_contents', contentColumns))
  return {
    rowsOf: (calls) =>
      calls.map((call) => {
        const log = { trace_id: call.trace_id, span_id: call.span_id, created_at: CREATED_AT }
        return {
          call: valuesOf({ ...call, ...log }, callColumns),
          content: call.content && valuesOf({ ...call.content, ...log }, contentColumns.slice(1)),
        }
      }),
    write(rows) {
      database.exec('BEGIN IMMEDIATE')
      for (const { call, content } of rows) {
        const { lastInsertRowid } = insertCall.run(...call)
        if (content !== null) insertContent.run(lastInsertRowid, ...content)
      }
      database.exec('COMMIT')
    },
    close: () => database.close(),
  }
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  return columns.map(({ name }) => String(name))
}

function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

function valuesOf(from: object, columns: readonly string[]): SQLInputValue[] {
  const given = from as Readonly<Record<string, unknown>>
  return columns.map((name) => {
    const value = given[name] ?? null
    return typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value)
  })
}
