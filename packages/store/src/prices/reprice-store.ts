import type { Call } from '@spanledger/core'
import type { CallFilter } from '../calls/call-filter.ts'
import type { RepricedCall } from '../calls/repriced-call.ts'
import type { RepriceOptions, UnpricedModel } from './repricing.ts'

/** Finds calls without a cost and changes the cost of stored calls. */
export interface RepriceStore {
  /** The models of the unpriced calls of a filter, the most frequent first. */
  unpricedModels(filter: CallFilter): Promise<readonly UnpricedModel[]>

  /**
   * Recomputes the cost of the billable calls of a filter. A cost that the provider's response stated (`provider`) or that
   * another source reported is never changed, whatever `price` returns. `price` receives each of the other calls as
   * stored, without content, and returns it with another cost (`repriceCall` of core) or the same object; only the cost
   * columns of its result are used. It must be pure, because it may be called twice for a call.
   *
   * Yields every call that was examined, once the transaction that changed it is durable. A transaction covers about 500
   * calls, so that other writers wait only a moment. To stop, stop iterating. Nothing is written unless `write` is true.
   */
  reprice(filter: CallFilter, price: (call: Call) => Call, options?: RepriceOptions): AsyncIterable<RepricedCall>
}
