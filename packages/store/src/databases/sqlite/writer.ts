import { errorMessageOf } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import { type EncodedCall, projectIdsOf } from '../../calls/call-row.ts'
import { cleanText } from '../../sql/clean-text.ts'
import type { DatabaseWriter } from '../database-writer.ts'
import { encodeAll, type GoodCall } from '../../calls/encode-all.ts'
import { type CallChange, planChange, planWrite, type StoredVersions, type WritePlan } from '../../calls/plan-write.ts'
import { isRowFault } from './errors.ts'
import { createSqliteRollups, rebuildSqliteDay } from './rollups.ts'
import { deletePositions, insertProjects, putPosition, putPrices, putProject } from './small-tables.ts'
import { prepareStatements } from './statements.ts'
import { tracesOfLinks } from '../../steps/step-link-queries.ts'
import { inTransaction, tryOut } from './transaction.ts'
import type { RejectedCall, WriteOptions, WriteResult } from '../../calls/writing.ts'
import type { CallRow, ContentRow } from '../../sql/tables.ts'

const NO_VERSIONS: StoredVersions = { rows: [], contents: [] }

/** How a database is written. */
export interface SqliteWriterOptions {
  /** Returns epoch milliseconds. */
  readonly now: () => number
  /** Whether writes of calls also create projects and store the position of a journal. */
  readonly holdsSmallTables: boolean
}

/** The write path of SQLite: each method is one synchronous transaction. */
export type SqliteWriter = {
  readonly [Method in keyof DatabaseWriter]: (
    ...given: Parameters<DatabaseWriter[Method]>
  ) => Awaited<ReturnType<DatabaseWriter[Method]>>
}

/** Creates the write path of a migrated database. */
export function createSqliteWriter(
  database: DatabaseSync,
  { now, holdsSmallTables }: SqliteWriterOptions,
): SqliteWriter {
  const statements = prepareStatements(database)
  const countInRollups = createSqliteRollups(database)

  function versionsOf(calls: readonly EncodedCall[]): StoredVersions {
    const found = calls.map((call) => statements.selectCall.get(call.traceId, call.spanId))
    const rows = found.filter((row) => row !== undefined) as unknown as CallRow[] // the columns of the table
    return { rows, contents: contentsOf(rows, calls) }
  }

  function tracesOf(calls: readonly EncodedCall[]): StoredVersions {
    const ids = [...new Set(calls.map((call) => call.traceId))]
    const rows = ids.flatMap((id) => statements.selectTrace.all(id)) as unknown as CallRow[] // as above
    return { rows, contents: contentsOf(rows, calls) }
  }

  function contentsOf(rows: readonly CallRow[], calls: readonly EncodedCall[]): ContentRow[] {
    if (rows.length === 0) return []
    const spans = new Set(calls.map((call) => call.spanId))
    const contents = rows
      .filter((row) => spans.has(row.span_id))
      .map((row) => statements.selectContent.get(row.ingest_seq))
    return contents.filter((content) => content !== undefined) as unknown as ContentRow[] // as above
  }

  // No other code inserts or changes rows of `calls`. Returns the calls that were to be inserted but are already stored.
  function execute(plan: WritePlan, createdAt: number): EncodedCall[] {
    const conflicts: EncodedCall[] = []
    for (const call of plan.inserts) {
      const { changes, lastInsertRowid } = statements.insertCall.run(createdAt, ...call.values)
      if (Number(changes) === 0) conflicts.push(call)
      else putContent(call, Number(lastInsertRowid), createdAt)
    }
    for (const { call, ingestSeq } of plan.updates) statements.updateCall.run(...call.values, ingestSeq)
    for (const { call, ingestSeq } of plan.contents) putContent(call, ingestSeq, createdAt)
    countInRollups(conflicts.length === 0 ? plan.changes : changesWithout(plan.changes, conflicts))
    return conflicts
  }

  function putContent({ traceId, spanId, content }: EncodedCall, ingestSeq: number, createdAt: number): void {
    if (content !== undefined) statements.putContent.run(createdAt, ingestSeq, traceId, spanId, ...content)
  }

  /** Returns the number of new calls. */
  function writeList(calls: readonly EncodedCall[], { settle }: WriteOptions, createdAt: number): number {
    // Most lists hold only new calls, so without a `settle` calls are looked up only after their insert conflicts.
    const plan = planWrite(calls, settle === undefined ? NO_VERSIONS : tracesOf(calls), settle)
    const conflicts = execute(plan, createdAt)
    if (conflicts.length > 0) execute(planWrite(conflicts, versionsOf(conflicts)), createdAt)
    if (holdsSmallTables) insertProjects(statements, projectIdsOf(calls), createdAt)
    return plan.inserts.length - conflicts.length
  }

  // A savepoint for each call takes time, so this runs only after the transaction of the whole list has failed.
  function refusedOf(calls: readonly GoodCall[]): ReadonlyMap<GoodCall, RejectedCall> {
    const refused = new Map<GoodCall, RejectedCall>()
    for (const good of calls) {
      try {
        tryOut(database, () => writeList([good.encoded], {}, now()))
      } catch (error) {
        if (!isRowFault(error)) throw error
        refused.set(good, { call: good.call, reason: errorMessageOf(error) })
      }
    }
    return refused
  }

  function writeAll(good: readonly GoodCall[], bad: readonly RejectedCall[], options: WriteOptions): WriteResult {
    const calls = good.map(({ encoded }) => encoded)
    const stored = writeList(calls, options, now())
    for (const { trace, links } of tracesOfLinks(options.links ?? [])) {
      statements.insertLinks.run(trace, JSON.stringify(links), now())
    }
    const result = { stored, deduplicated: good.length - stored, rejected: bad }
    if (holdsSmallTables && options.position !== undefined) {
      putPosition(statements, options.position, { result, now: now() })
    }
    return result
  }

  function writeRest(good: readonly GoodCall[], bad: readonly RejectedCall[], options: WriteOptions): WriteResult {
    const refused = refusedOf(good)
    const rest = good.filter((call) => !refused.has(call))
    return writeAll(rest, [...bad, ...refused.values()], options)
  }

  return {
    write(calls, options) {
      const { good, bad } = encodeAll(calls)
      try {
        return inTransaction(database, () => writeAll(good, bad, options))
      } catch (error) {
        if (!isRowFault(error)) throw error
        return inTransaction(database, () => writeRest(good, bad, options))
      }
    },

    changeCalls(ingestSeqs, change) {
      return inTransaction(database, () => {
        const found = ingestSeqs.map((ingestSeq) => statements.selectBySeq.get(ingestSeq))
        const rows = found.filter((row) => row !== undefined) as unknown as CallRow[] // the columns of the table
        const { plan, calls } = planChange(rows, change)
        execute(plan, now())
        return calls
      })
    },

    rebuildDay: (dayStart) => rebuildSqliteDay(database, dayStart),

    forgetJournal: (segments) => inTransaction(database, () => deletePositions(statements, segments)),

    ensureProject: (project) => inTransaction(database, () => putProject(statements, project, now())),

    changePrices: (change) => inTransaction(database, () => putPrices(database, change, now())),

    followWrite: ({ projectIds, position, result }) =>
      inTransaction(database, () => {
        insertProjects(statements, projectIds.map(cleanText), now())
        if (position !== undefined) putPosition(statements, position, { result, now: now() })
      }),
  }
}

function changesWithout(changes: readonly CallChange[], calls: readonly EncodedCall[]): CallChange[] {
  const without = new Set(calls)
  return changes.filter(({ after }) => !without.has(after))
}
