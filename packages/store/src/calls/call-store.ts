import type { Call } from '@spanledger/core'
import type { CallFilter } from './call-filter.ts'
import type { StoredCall } from './call-row.ts'
import type { LiveCalls } from './live-calls.ts'
import type { CallPage, CallPageRequest, ContentOption } from './paging.ts'
import type { WriteOptions, WriteResult } from './writing.ts'

/** Stores calls and returns them. */
export interface CallStore {
  /**
   * Stores calls, each at most once. A call whose (`trace_id`, `span_id`) is already stored, or appears twice in the
   * list, is joined with that version by `mergeCall`. Any number of writes in any order leave the same rows, so a write
   * whose outcome is unknown can be repeated.
   *
   * A list is one transaction and is durable when the promise resolves; if it rejects, nothing of the list is stored.
   * A call that the database cannot hold (a count out of range, an invalid id, a step) does not hold up the others: it
   * is returned with the reason. Texts are made well-formed. An unknown project is created.
   *
   * With the small tables in another database (`smallTables` of `openStore`) there are two transactions: the calls
   * first, then their projects and the position of the journal. If the second fails the promise rejects, although the
   * calls are stored. That is safe, because the list is then written again: the rows stay the same, and the calls that
   * the first attempt stored count as `deduplicated`, in the result and in the counts of the position.
   *
   * About 500 calls a list (`WRITE_BATCH_SIZE`) are fast. SQLite blocks its thread during the write; Postgres accepts
   * at most 8,192 calls. If the promise rejects for any reason, the calls are not at fault and the same write can
   * succeed later: keep them and try again.
   */
  write(calls: readonly Call[], options?: WriteOptions): Promise<WriteResult>

  /** The call with this id (`{trace_id}-{span_id}`), with its content; undefined if absent. */
  call(id: string): Promise<StoredCall | undefined>

  /**
   * The calls of a filter, a page at a time: by default the call that started last comes first. A page's `next` asks for
   * the page after it in the same order; the last page has none. Calls that arrive meanwhile make no call appear twice
   * or be skipped. A call whose value changes meanwhile moves to where its new value belongs.
   */
  calls(filter: CallFilter, page?: CallPageRequest): Promise<CallPage>

  /**
   * Every call of a filter that is stored when the first one is requested, in order of arrival. Holds only a few calls
   * at a time, however many there are, and does not block writers.
   */
  iterate(filter: CallFilter, options?: ContentOption): AsyncIterable<StoredCall>

  /**
   * Calls that were stored after a place in the log, without content: at most `limit` (1 to 1,000). Continuing at
   * `lastSeq` returns every call once. No call is skipped, even one that received its place early and was committed
   * late. With `after` NULL it returns no calls and the place where the log ends now. A call that changes later is not
   * returned again.
   */
  liveCalls(after: number | null, filter: CallFilter, limit?: number): Promise<LiveCalls>
}
