import { type Call, mergeCall } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import {
  type ColumnValue,
  decodeCall,
  encodeCall,
  type EncodedCall,
  fromRow,
  isInRow,
  type JoinedRow,
  messageOf,
  type StoredCall,
  toCallValues,
  toContentValues,
} from './call-row.ts'
import { cleanText } from './clean-text.ts'
import { isRowFault } from './sqlite-errors.ts'
import { prepareStatements } from './sqlite-statements.ts'
import { inSavepoint, inTransaction } from './sqlite-transaction.ts'
import type { Project, RejectedCall, RepricedCall, WriteOptions, WriteResult } from './store.ts'
import { CALL_COLUMN_NAMES, type CallRow, type ProjectRow } from './tables.ts'

/** The write path of SQLite. Each method is one transaction, from its first to its last statement without a pause. */
export interface SqliteWriter {
  write(calls: readonly Call[], options: WriteOptions): WriteResult
  ensureProject(project: { readonly id: string; readonly name?: string | undefined }): Project
  /** Changes the calls at these places of the log that are still there. */
  changeCalls(ingestSeqs: readonly number[], change: (call: StoredCall) => Call): RepricedCall[]
}

/** Makes the write path of an open database that has the schema. `now` gives epoch milliseconds. */
export function createSqliteWriter(database: DatabaseSync, now: () => number): SqliteWriter {
  const statements = prepareStatements(database)

  /** True if the call is new, false if it was joined with the version that is there. */
  function writeCall(call: EncodedCall, createdAt: number): boolean {
    const { changes, lastInsertRowid } = statements.insertCall.run(createdAt, ...call.values)
    if (Number(changes) === 0) {
      joinCall(call, createdAt)
      return false
    }
    if (call.content !== undefined) putContent(call, call.content, [createdAt, Number(lastInsertRowid)])
    return true
  }

  function joinCall(call: EncodedCall, createdAt: number): void {
    // The insert has just met this row, and no other writer can take it away before the transaction ends.
    const row = statements.selectCall.get(call.traceId, call.spanId) as unknown as JoinedRow
    if (isInRow(call, row)) return // a redelivery
    const stored = fromRow(row)
    const joined = mergeCall(stored, decodeCall(call))
    updateCall(stored, joined, row.ingest_seq)
    if (joined.content === null) return
    const content = toContentValues(joined.content)
    if (stored.content !== null && isEqual(content, toContentValues(stored.content))) return
    putContent(call, content, [createdAt, row.ingest_seq])
  }

  // The only place where a row of `calls` changes.
  function updateCall(stored: Call, next: Call, ingestSeq: number): void {
    if (CALL_COLUMN_NAMES.every((name) => next[name] === stored[name])) return
    const values = toCallValues(next)
    if (!isEqual(values, toCallValues(stored))) statements.updateCall.run(...values, ingestSeq)
  }

  function putContent(call: EncodedCall, content: readonly ColumnValue[], log: readonly [number, number]): void {
    const [createdAt, ingestSeq] = log
    statements.putContent.run(createdAt, ingestSeq, call.traceId, call.spanId, ...content)
  }

  function settleTrace(traceId: string, settle: NonNullable<WriteOptions['settle']>): void {
    const rows = statements.selectTrace.all(traceId) as unknown as CallRow[] // the columns of the table
    const stored = new Map(rows.map((row) => [row.span_id, fromRow(row)]))
    for (const settled of settle([...stored.values()])) {
      const before = stored.get(settled.span_id)
      if (before !== undefined) updateCall(before, settled, before.ingest_seq)
    }
  }

  function insertProject(id: string, createdAt: number, name = id): void {
    statements.insertProject.run(id, name, createdAt)
  }

  function writeOne({ call, encoded }: GoodCall, list: ListInWork): void {
    try {
      const { createdAt, isolate } = list
      const isNew = isolate ? inSavepoint(database, () => writeCall(encoded, createdAt)) : writeCall(encoded, createdAt)
      if (isNew) list.stored += 1
      list.kept.push(encoded)
    } catch (error) {
      if (!list.isolate || !isRowFault(error)) throw error
      list.refused.push({ call, reason: messageOf(error) })
    }
  }

  function writeAll(calls: readonly GoodCall[], { settle }: WriteOptions, isolate: boolean): WriteResult {
    const list: ListInWork = {
      createdAt: now(),
      isolate,
      kept: [],
      refused: [],
      stored: 0,
    }
    for (const call of calls) writeOne(call, list)
    const { kept, refused, stored } = list
    const projectIds = new Set(kept.map((call) => call.projectId))
    for (const id of projectIds) if (id !== null) insertProject(id, list.createdAt)
    if (settle !== undefined) {
      const traceIds = new Set(kept.map((call) => call.traceId))
      for (const id of traceIds) settleTrace(id, settle)
    }
    return { stored, deduplicated: kept.length - stored, rejected: refused }
  }

  return {
    write(calls, options) {
      const { good, bad } = encodeAll(calls)
      const result = isolatingFaults((isolate) => inTransaction(database, () => writeAll(good, options, isolate)))
      return { ...result, rejected: [...bad, ...result.rejected] }
    },

    changeCalls(ingestSeqs, change) {
      return inTransaction(database, () =>
        ingestSeqs.flatMap((ingestSeq) => {
          const row = statements.selectBySeq.get(ingestSeq) as unknown as CallRow | undefined // the columns of the table
          if (row === undefined) return []
          const before = fromRow(row)
          const after = change(before)
          updateCall(before, after, ingestSeq)
          return [{ before, after }]
        }),
      )
    },

    ensureProject(project) {
      const id = cleanText(project.id)
      const name = project.name === undefined ? undefined : cleanText(project.name)
      return inTransaction(database, () => {
        insertProject(id, now(), name)
        if (name !== undefined) statements.renameProject.run(name, id)
        // It has just been inserted, or was there.
        const row = statements.selectProject.get(id) as unknown as ProjectRow
        return { id: row.id, name: row.name, createdAt: row.created_at }
      })
    },
  }
}

interface GoodCall {
  readonly call: Call
  readonly encoded: EncodedCall
}

interface ListInWork {
  readonly createdAt: number
  /** Leave a way back before each row, so that only the row is refused that the database does not take. */
  readonly isolate: boolean
  readonly kept: EncodedCall[]
  readonly refused: RejectedCall[]
  /** How many of those that were kept are new. */
  stored: number
}

// All before the transaction: it holds the lock for a shorter time, and going back and forth between the two takes
// longer than one after the other.
function encodeAll(calls: readonly Call[]): { readonly good: GoodCall[]; readonly bad: RejectedCall[] } {
  const good: GoodCall[] = []
  const bad: RejectedCall[] = []
  for (const call of calls) {
    const encoded = encodeCall(call)
    if ('reason' in encoded) bad.push({ call, reason: encoded.reason })
    else good.push({ call, encoded })
  }
  return { good, bad }
}

// A way back before each row costs time, so it is left for the rare list of which a row has spoilt the transaction.
function isolatingFaults(write: (isolate: boolean) => WriteResult): WriteResult {
  try {
    return write(false)
  } catch (error) {
    if (!isRowFault(error)) throw error
    return write(true)
  }
}

function isEqual(a: readonly ColumnValue[], b: readonly ColumnValue[]): boolean {
  return a.every((value, index) => value === b[index])
}
