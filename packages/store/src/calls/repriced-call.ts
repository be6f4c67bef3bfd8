import type { Call } from '@spanledger/core'
import type { StoredCall } from './call-row.ts'

/** A call before and after repricing: the same object if nothing changed. */
export interface RepricedCall {
  readonly before: StoredCall
  readonly after: Call
}
