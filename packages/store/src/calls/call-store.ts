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
   * list, is merged with that version by `mergeCall`. Any number of writes in any order leave the same rows, so a write
   * with an unknown outcome can be repeated.
   *
   * A list is one transaction and is durable when the promise resolves; if it rejects, none of the list is stored.
   * A call that the database cannot hold (a count out of range, an invalid id, a step) does not affect the others: it
   * is returned with the reason. Texts are made well-formed. An unknown project is created.
   *
   * If the small tables are in another database (`smallTables` of `openStore`) there are two transactions: the calls
   * first, then their projects and the position of the journal. If the second fails, the promise rejects although the
   * calls are stored. It is safe to write the list again: the rows stay the same, and the calls that the first attempt
   * stored count as `deduplicated`, in the result and in the counts of the position.
   *
   * Lists of about 500 calls (`WRITE_BATCH_SIZE`) are fastest. SQLite blocks its thread during the write; Postgres accepts
   * at most 8,192 calls. A rejected promise never means that a call is invalid: the same write can succeed later, so keep
   * the calls and try again.
   */
  write(calls: readonly Call[], options?: WriteOptions): Promise<WriteResult>

  /** The call with this id (`{trace_id}-{span_id}`), with its content; undefined if absent. */
  call(id: string): Promise<StoredCall | undefined>

  /**
   * The calls of a filter, a page at a time; by default the call that started last comes first. The `next` of a page is
   * the cursor of the following page in the same order; the last page has none. Calls that arrive meanwhile do not repeat
   * or skip others. A call whose sort value changes meanwhile moves to its new position.
   */
  calls(filter: CallFilter, page?: CallPageRequest): Promise<CallPage>

  /**
   * Every call of a filter that is stored when iteration begins, in order of arrival. Holds about 500 calls in memory at
   * a time and does not block writers.
   */
  iterate(filter: CallFilter, options?: ContentOption): AsyncIterable<StoredCall>

  /**
   * At most `limit` (1 to 1,000) calls after a position in the log, without content. Continuing at `lastSeq` returns
   * every call once. None is skipped, even one that received its position early and was committed late. With `after`
   * NULL it returns no calls and the current end of the log. A call that changes later is not returned again.
   */
  liveCalls(after: number | null, filter: CallFilter, limit?: number): Promise<LiveCalls>
}
