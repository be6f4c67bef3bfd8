import { type Call, CALL_COLUMN_NAMES, mergeCall } from '@spanledger/core'
import {
  decodeCall,
  type EncodedCall,
  encodedOfRow,
  fromRow,
  isEqual,
  type StoredCall,
  toCallValues,
  toContentValues,
} from './call-row.ts'
import type { RepricedCall } from './repriced-call.ts'
import type { CallRow, ContentRow } from '../sql/tables.ts'

/**
 * A row of `calls` before and after a write; the rollups change by the difference. New rows have no `before`. Read
 * columns with `columnOf`; an object with all columns would cost as much as an index.
 */
export interface CallChange {
  readonly before: EncodedCall | undefined
  readonly after: EncodedCall
}

/** The changes that store a list of calls. Every database executes the same plan. */
export interface WritePlan {
  /**
   * New rows with their content, in the order of the list. Without a prior lookup one may exist already; it is then
   * planned again with its stored version. Merging in two steps has the same result.
   */
  readonly inserts: readonly EncodedCall[]
  /** Existing rows with their new values. */
  readonly updates: readonly PlannedUpdate[]
  /** Existing rows with their new content. */
  readonly contents: readonly PlannedUpdate[]
  /** The inserts and the updates, for the rollups. */
  readonly changes: readonly CallChange[]
}

/** The changes to existing rows, and the calls of all rows. */
export interface ChangePlan {
  readonly plan: WritePlan
  readonly calls: readonly RepricedCall[]
}

/** The position of a row in the log, and its new version. */
export interface PlannedUpdate {
  readonly ingestSeq: number
  readonly call: EncodedCall
}

/** What the database already holds for a list. */
export interface StoredVersions {
  /** The rows of the list's calls; with a `settle`, all rows of their traces, in order of arrival. */
  readonly rows: readonly CallRow[]
  /** The stored content of the list's calls. */
  readonly contents: readonly ContentRow[]
}

type Settle = (calls: readonly Call[]) => readonly Call[]

interface Entry {
  readonly ingestSeq: number | undefined
  /** As it is stored. */
  readonly stored: EncodedCall | undefined
  next: EncodedCall
}

/**
 * Merges a list of calls with the stored versions. Pure: the caller reads the rows and executes the plan in one
 * transaction, and must keep others from changing these rows until it ends.
 */
export function planWrite(calls: readonly EncodedCall[], versions: StoredVersions, settle?: Settle): WritePlan {
  const entries = entriesOf(versions)
  for (const call of calls) {
    const entry = entries.get(keyOf(call))
    if (entry !== undefined) entry.next = merged(entry.next, call)
    else entries.set(keyOf(call), { ingestSeq: undefined, stored: undefined, next: call })
  }
  if (settle !== undefined) settleTraces(entries, settle)
  return planOf(entries.values())
}

/** Plans changes to existing rows, and returns each call before and after. Only the plan may be written. */
export function planChange(rows: readonly CallRow[], change: (call: StoredCall) => Call): ChangePlan {
  const entries: Entry[] = []
  const calls: RepricedCall[] = []
  for (const row of rows) {
    const before = fromRow(row)
    const after = change(before)
    const stored = encodedOfRow(row)
    entries.push({ ingestSeq: row.ingest_seq, stored, next: after === before ? stored : changed(stored, after) })
    calls.push({ before, after })
  }
  return { plan: planOf(entries), calls }
}

function entriesOf({ rows, contents }: StoredVersions): Map<string, Entry> {
  const contentOf = new Map(contents.map((content) => [content.ingest_seq, content]))
  return new Map(
    rows.map((row) => {
      const stored = encodedOfRow(row, contentOf.get(row.ingest_seq))
      return [keyOf(stored), { ingestSeq: row.ingest_seq, stored, next: stored }]
    }),
  )
}

function keyOf({ traceId, spanId }: EncodedCall): string {
  return traceId + spanId
}

function merged(a: EncodedCall, b: EncodedCall): EncodedCall {
  const hasNews = !isEqual(a.values, b.values) || (b.content !== undefined && !isSameContent(a, b))
  if (!hasNews) return a // a redelivery: merging would change nothing
  const call = mergeCall(decodeCall(a), decodeCall(b))
  const content = call.content === null ? undefined : toContentValues(call.content)
  return { ...changed(a, call), content }
}

function settleTraces(entries: ReadonlyMap<string, Entry>, settle: Settle): void {
  for (const trace of Map.groupBy(entries.values(), ({ next }) => next.traceId).values()) {
    const bySpan = new Map(trace.map((entry) => [entry.next.spanId, entry]))
    // Most are new, and still have the call that they were encoded from.
    const given = new Map(
      trace.map(({ next }) => [next.spanId, next.call ?? decodeCall({ ...next, content: undefined })]),
    )
    for (const settled of settle([...given.values()])) {
      const entry = bySpan.get(settled.span_id)
      const before = given.get(settled.span_id)
      if (entry === undefined || before === undefined || settled === before) continue
      if (CALL_COLUMN_NAMES.every((name) => settled[name] === before[name])) continue
      entry.next = changed(entry.next, settled)
    }
  }
}

function changed(before: EncodedCall, call: Call): EncodedCall {
  const values = toCallValues(call)
  return isEqual(values, before.values) ? before : { ...before, values, call: undefined }
}

function planOf(entries: Iterable<Entry>): WritePlan {
  const inserts: EncodedCall[] = []
  const updates: PlannedUpdate[] = []
  const contents: PlannedUpdate[] = []
  const changes: CallChange[] = []
  for (const { ingestSeq, stored, next } of entries) {
    if (ingestSeq === undefined || stored === undefined) {
      inserts.push(next)
      changes.push({ before: undefined, after: next })
      continue
    }
    if (next === stored) continue
    if (!isEqual(next.values, stored.values)) {
      updates.push({ ingestSeq, call: next })
      changes.push({ before: stored, after: next })
    }
    if (next.content !== undefined && !isSameContent(stored, next)) contents.push({ ingestSeq, call: next })
  }
  return { inserts, updates, contents, changes }
}

function isSameContent(a: EncodedCall, b: EncodedCall): boolean {
  if (a.content === undefined || b.content === undefined) return a.content === b.content
  return isEqual(a.content, b.content)
}
