import type { Call, CallColumns, CallContent } from './call.ts'
import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from './column-names.ts'

type Nulls<Columns> = {
  readonly [Name in keyof Columns as null extends Columns[Name] ? Name : never]: null
}

/**
 * Every column of a call, all NULL; the type has only those that may be NULL. A copy of it, filled in place, stays an
 * object of the shape that all calls share: one that gets its columns one by one becomes a hash table, which is slower.
 */
export const NULL_COLUMNS = nullsOf<CallColumns>(CALL_COLUMN_NAMES)

/** Every part of what was said, all NULL. */
export const EMPTY_CONTENT: CallContent = nullsOf<CallContent>(CONTENT_COLUMN_NAMES)

/** A call with only its ids and start known: its own run, not billed, without an error. */
export function emptyCall(ids: { readonly traceId: string; readonly spanId: string }, startedAt: number): Call {
  return {
    ...NULL_COLUMNS,
    trace_id: ids.traceId,
    span_id: ids.spanId,
    run_id: ids.spanId,
    kind: 'operation',
    billable: 0,
    usage_source: 'none',
    started_at: startedAt,
    status: 'ok',
    content: null,
  }
}

/** These columns, all NULL. */
export function nullsOf<Columns>(names: readonly (keyof Columns & string)[]): Nulls<Columns> {
  // What JSON.parse makes is not a hash table.
  return JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Nulls<Columns> // these names and others
}
