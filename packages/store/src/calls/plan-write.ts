import { type Call, mergeCall } from '@spanledger/core'
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
import { CALL_COLUMN_NAMES, type CallRow, type ContentRow } from '../sql/tables.ts'

/**
 * A row of `calls` before and after: what sums over calls change by. New rows have nothing before. `columnOf` of
 * call-row.ts reads a column; an object with all columns would cost as much as an index.
 */
export interface CallChange {
  readonly before: EncodedCall | undefined
  readonly after: EncodedCall
}

/** What is to be written so that a list of calls is stored. Every database carries out the same plan. */
export interface WritePlan {
  /**
   * New rows, in the order of the list, with their content. One that turns out to be there, because it was not looked
   * for, is planned again with its stored version; joining versions in two steps gives the same.
   */
  readonly inserts: readonly EncodedCall[]
  /** Rows that are there and get these values. */
  readonly updates: readonly PlannedUpdate[]
  /** Rows that are there and get this content. */
  readonly contents: readonly PlannedUpdate[]
  /** The inserts and the updates, for whoever keeps sums over calls. */
  readonly changes: readonly CallChange[]
}

/** What is to be written so that rows are changed, and the calls of all rows. */
export interface ChangePlan {
  readonly plan: WritePlan
  readonly calls: readonly RepricedCall[]
}

/** The place of a row in the log, and what it gets. */
export interface PlannedUpdate {
  readonly ingestSeq: number
  readonly call: EncodedCall
}

/** What the database holds that a list is about. */
export interface StoredVersions {
  /** The rows of the list's calls; with a `settle`, all rows of their traces, in the order of arrival. */
  readonly rows: readonly CallRow[]
  /** The content of the list's calls that are there. */
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
 * Joins a list of calls with what is stored. Pure: the caller has read the rows in the transaction in which it carries
 * out the plan, and nobody else can change one of them before its end.
 */
export function planWrite(calls: readonly EncodedCall[], versions: StoredVersions, settle?: Settle): WritePlan {
  const entries = entriesOf(versions)
  for (const call of calls) {
    const entry = entries.get(keyOf(call))
    if (entry !== undefined) entry.next = joined(entry.next, call)
    else entries.set(keyOf(call), { ingestSeq: undefined, stored: undefined, next: call })
  }
  if (settle !== undefined) settleTraces(entries, settle)
  return planOf(entries.values())
}

/** Plans the change of rows that are there, and says what was there before; nothing else than the plan is to be written. */
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

function joined(a: EncodedCall, b: EncodedCall): EncodedCall {
  const hasNews = !isEqual(a.values, b.values) || (b.content !== undefined && !isSameContent(a, b))
  if (!hasNews) return a // a redelivery: joining the two would change nothing
  const call = mergeCall(decodeCall(a), decodeCall(b))
  const content = call.content === null ? undefined : toContentValues(call.content)
  return { ...changed(a, call), content }
}

function settleTraces(entries: ReadonlyMap<string, Entry>, settle: Settle): void {
  for (const trace of Map.groupBy(entries.values(), ({ next }) => next.traceId).values()) {
    const bySpan = new Map(trace.map((entry) => [entry.next.spanId, entry]))
    // Most are new, and need not be read from what they will be stored as.
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
