import { type Call, errorMessageOf } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import type { EncodedCall, StoredCall } from '../../calls/call-row.ts'
import { cleanText } from '../../sql/clean-text.ts'
import { encodeAll, type GoodCall } from '../../calls/encode-all.ts'
import { positionRowOf } from '../../journal/journal-position.ts'
import { type CallChange, planChange, planWrite, type StoredVersions, type WritePlan } from '../../calls/plan-write.ts'
import { isRowFault } from './errors.ts'
import { createSqliteRollups } from './rollups.ts'
import { prepareStatements } from './statements.ts'
import { tracesOfLinks } from '../../steps/step-link-queries.ts'
import { inTransaction, tryOut } from './transaction.ts'
import type { RepricedCall } from '../../calls/repriced-call.ts'
import type { JournalPosition, RejectedCall, WriteOptions, WriteResult } from '../../calls/writing.ts'
import type { NamedProject, Project } from '../../projects/project.ts'
import type { CallRow, ContentRow, ProjectRow } from '../../sql/tables.ts'

const NO_VERSIONS: StoredVersions = { rows: [], contents: [] }

/** The write path of SQLite. Each method is one transaction, from its first to its last statement without a pause. */
export interface SqliteWriter {
  write(calls: readonly Call[], options: WriteOptions): WriteResult
  forgetJournal(segments: readonly string[]): void
  ensureProject(project: NamedProject): Project
  /** Changes the calls at these places of the log that are still there. */
  changeCalls(ingestSeqs: readonly number[], change: (call: StoredCall) => Call): readonly RepricedCall[]
}

/** Makes the write path of an open database that has the schema. `now` gives epoch milliseconds. */
export function createSqliteWriter(database: DatabaseSync, now: () => number): SqliteWriter {
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

  // The only place where rows of calls come and change. Gives the calls that were to be inserted and are there already.
  function carryOut(plan: WritePlan, createdAt: number): EncodedCall[] {
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

  function insertProject(id: string, createdAt: number, name = id): void {
    statements.insertProject.run(id, name, createdAt)
  }

  function putPosition(position: JournalPosition, result: WriteResult): void {
    const { segment, byte_offset, stored, deduplicated, rejected } = positionRowOf(position, result)
    statements.putPosition.run(segment, byte_offset, stored, deduplicated, rejected, now())
  }

  /** Gives the number of new calls. */
  function writeList(calls: readonly EncodedCall[], { settle }: WriteOptions, createdAt: number): number {
    // Most lists hold nothing but new calls, so without a `settle` only those are looked up that turn out not to be.
    const plan = planWrite(calls, settle === undefined ? NO_VERSIONS : tracesOf(calls), settle)
    const conflicts = carryOut(plan, createdAt)
    if (conflicts.length > 0) carryOut(planWrite(conflicts, versionsOf(conflicts)), createdAt)
    const projectIds = new Set(calls.map((call) => call.projectId))
    for (const id of projectIds) if (id !== null) insertProject(id, createdAt)
    return plan.inserts.length - conflicts.length
  }

  // A way back for each call takes time, so only a list of which a call has spoilt the transaction is searched for it.
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
    if (options.position !== undefined) putPosition(options.position, result)
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

    forgetJournal(segments) {
      inTransaction(database, () => {
        for (const segment of segments) statements.deletePosition.run(cleanText(segment))
      })
    },

    changeCalls(ingestSeqs, change) {
      return inTransaction(database, () => {
        const found = ingestSeqs.map((ingestSeq) => statements.selectBySeq.get(ingestSeq))
        const rows = found.filter((row) => row !== undefined) as unknown as CallRow[] // the columns of the table
        const { plan, calls } = planChange(rows, change)
        carryOut(plan, now())
        return calls
      })
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

function changesWithout(changes: readonly CallChange[], calls: readonly EncodedCall[]): CallChange[] {
  const without = new Set(calls)
  return changes.filter(({ after }) => !without.has(after))
}
