import type { StoredCall } from './call-row.ts'

/** Calls as they arrive. */
export interface LiveCalls {
  /** In order of arrival, without content. */
  readonly calls: readonly StoredCall[]
  /** Where to continue: how far the log was read, even if no call matched the filter. */
  readonly lastSeq: number
}
