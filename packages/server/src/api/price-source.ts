import { createPriceBook, type PriceBook, type PriceFile, type PriceList } from '@spanledger/core'
import type { Store } from '@spanledger/store'

/** What prices are made of beside those in the database. */
export interface PriceSourceOptions {
  readonly store: Pick<Store, 'customPrices'>
  /** Prices of your own that stand in a file; those in the database go before them. */
  readonly custom?: readonly PriceFile[] | undefined
  /** Published prices instead of those that came with this version. */
  readonly list?: PriceList | undefined
}

/**
 * Gives the prices that hold now. Those in the database are read each time, because another process may change them; the
 * book is made anew only if they have changed.
 */
export function createPriceSource({ store, custom = [], list }: PriceSourceOptions): () => Promise<PriceBook> {
  let known: { readonly text: string; readonly book: PriceBook } | undefined
  return async () => {
    const stored = await store.customPrices()
    const text = JSON.stringify(stored)
    if (known?.text !== text) known = { text, book: createPriceBook({ custom: [stored, ...custom], list }) }
    return known.book
  }
}
