import type { PriceList } from '@spanledger/core'
import type { Store } from '@spanledger/store'

/** What a reading command asks: a database, or a server in front of one. The answers are the same. */
export interface Ledger extends Pick<
  Store,
  | 'calls'
  | 'iterate'
  | 'summary'
  | 'breakdown'
  | 'timeseries'
  | 'toolStats'
  | 'trace'
  | 'traces'
  | 'unpricedModels'
  | 'customPrices'
  | 'budgets'
> {
  /** The published prices of a server. A database has none: there the command reads its own list. */
  publishedPrices?(): Promise<PriceList>
}
