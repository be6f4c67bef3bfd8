import { type Call, mergeCall } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import {
  type ColumnValue,
  fromRow,
  type JoinedRow,
  type StoredCall,
  toCallValues,
  toContentValues,
} from './call-row.ts'
import { cleanText } from './clean-text.ts'
import { isRowFault } from './sqlite-errors.ts'
import { prepareStatements } from './sqlite-statements.ts'
import { inSavepoint, inTransaction } from './sqlite-transaction.ts'
import type { Project, RejectedCall, WriteOptions, WriteResult } from './store.ts'
import type { CallRow, ProjectRow } from './tables.ts'

/** The write path of SQLite. Each method is one transaction, from its first to its last statement without a pause. */
export interface SqliteWriter {
  write(calls: readonly Call[], options: WriteOptions): WriteResult
  ensureProject(project: { readonly id: string; readonly name?: string | undefined }): Project
}

interface EncodedCall {
  readonly call: Call
  readonly values: readonly ColumnValue[]
  readonly content: readonly ColumnValue[] | undefined
}

/** Makes the write path of an open database that has the schema. `now` gives epoch milliseconds. */
export function createSqliteWriter(database: DatabaseSync, now: () => number): SqliteWriter {
  const statements = prepareStatements(database)

  /** True if the call is new, false if it was joined with the version that is there. */
  function writeCall({ call, values, content }: EncodedCall, createdAt: number): boolean {
    const { changes, lastInsertRowid } = statements.insertCall.run(...values, createdAt)
    if (Number(changes) === 0) {
      joinCall(call, createdAt)
      return false
    }
    if (content !== undefined) {
      statements.putContent.run(call.trace_id, call.span_id, ...content, createdAt, lastInsertRowid)
    }
    return true
  }

  function joinCall(call: Call, createdAt: number): void {
    // The insert has just met this row, and no other writer can take it away before the transaction ends.
    const row = statements.selectCall.get(call.trace_id, call.span_id) as unknown as JoinedRow
    const stored = fromRow(row)
    const joined = mergeCall(stored, call)
    updateCall(stored, joined)
    if (joined.content === null) return
    const content = toContentValues(joined.content)
    if (stored.content !== null && isEqual(content, toContentValues(stored.content))) return
    statements.putContent.run(call.trace_id, call.span_id, ...content, createdAt, stored.ingest_seq)
  }

  // The only place where a row of `calls` changes.
  function updateCall(stored: StoredCall, next: Call): void {
    const values = toCallValues(next)
    if (!isEqual(values, toCallValues(stored))) statements.updateCall.run(...values, stored.ingest_seq)
  }

  function settleTraces(calls: readonly Call[], settle: NonNullable<WriteOptions['settle']>): void {
    for (const traceId of new Set(calls.map((call) => call.trace_id))) {
      const rows = statements.selectTrace.all(traceId) as unknown as CallRow[] // the columns of the table
      const stored = new Map(rows.map((row) => [row.span_id, fromRow(row)]))
      for (const settled of settle([...stored.values()])) {
        const before = stored.get(settled.span_id)
        if (before !== undefined) updateCall(before, settled)
      }
    }
  }

  function writeAll(calls: readonly EncodedCall[], { settle }: WriteOptions, isolate: boolean): WriteResult {
    const createdAt = now()
    const kept: Call[] = []
    const refused: RejectedCall[] = []
    let stored = 0
    for (const encoded of calls) {
      const write = (): boolean => writeCall(encoded, createdAt)
      try {
        if (isolate ? inSavepoint(database, write) : write()) stored += 1
        kept.push(encoded.call)
      } catch (error) {
        if (!isolate || !isRowFault(error)) throw error
        refused.push({ call: encoded.call, reason: messageOf(error) })
      }
    }
    for (const id of new Set(kept.map((call) => call.project_id))) if (id !== null) insertProject(id, createdAt)
    if (settle !== undefined) settleTraces(kept, settle)
    return { stored, deduplicated: kept.length - stored, rejected: refused }
  }

  function insertProject(id: string, createdAt: number, name = id): void {
    statements.insertProject.run(cleanText(id), cleanText(name), createdAt)
  }

  return {
    write(calls, options) {
      const { encoded, rejected } = encodeAll(calls)
      const {
        stored,
        deduplicated,
        rejected: refused,
      } = writeIsolatingFaults((isolate) => inTransaction(database, () => writeAll(encoded, options, isolate)))
      return { stored, deduplicated, rejected: [...rejected, ...refused] }
    },

    ensureProject({ id, name }) {
      return inTransaction(database, () => {
        insertProject(id, now(), name)
        if (name !== undefined) statements.renameProject.run(cleanText(name), cleanText(id))
        // It has just been inserted, or was there.
        const row = statements.selectProject.get(cleanText(id)) as unknown as ProjectRow
        return { id: row.id, name: row.name, createdAt: row.created_at }
      })
    },
  }
}

// Going back before a single row costs time, so it is left for the rare transaction that a row has spoilt.
function writeIsolatingFaults(write: (isolate: boolean) => WriteResult): WriteResult {
  try {
    return write(false)
  } catch (error) {
    if (!isRowFault(error)) throw error
    return write(true)
  }
}

function encodeAll(calls: readonly Call[]): {
  readonly encoded: readonly EncodedCall[]
  readonly rejected: readonly RejectedCall[]
} {
  const encoded: EncodedCall[] = []
  const rejected: RejectedCall[] = []
  for (const call of calls) {
    try {
      const content = call.content === null ? undefined : toContentValues(call.content)
      encoded.push({ call, values: toCallValues(call), content })
    } catch (error) {
      rejected.push({ call, reason: messageOf(error) })
    }
  }
  return { encoded, rejected }
}

function isEqual(a: readonly ColumnValue[], b: readonly ColumnValue[]): boolean {
  return a.every((value, index) => value === b[index])
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
