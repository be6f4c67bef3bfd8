import type { CALL_COLUMNS, CONTENT_COLUMNS, ValueOf } from './column-table.ts'

/** A call without what was said: the columns of table `calls` that a call itself knows; the log columns are the store's. */
export type CallColumns = {
  readonly [Column in keyof typeof CALL_COLUMNS]: ValueOf<(typeof CALL_COLUMNS)[Column]>
}

/** The name of a column of a call. */
export type CallColumn = keyof CallColumns

/**
 * One AI call: the row of table `calls`, the JSON line of an export, and the frame of a journal.
 * Keys are the column names. `null` means unknown; a token count or a cost is never 0 because it is unknown.
 * Times are epoch milliseconds, money is integer nano-USD (1 USD = 1,000,000,000), counts are integers up to 2^53-1.
 */
export interface Call extends CallColumns {
  /** What was said, under the content policy. Lives in table `call_contents` with a lifetime of its own. */
  readonly content: CallContent | null
}

/** The words of a call. Texts and JSON are cut and redacted by the content policy before they come here. */
export type CallContent = {
  readonly [Part in keyof typeof CONTENT_COLUMNS]: ValueOf<(typeof CONTENT_COLUMNS)[Part]>
}

/** The id that every output shows. */
export function callId(call: { readonly trace_id: string; readonly span_id: string }): string {
  return `${call.trace_id}-${call.span_id}`
}
