import { createPriceBook, type PriceBook, type PriceFile, type PriceList } from '@spanledger/core'
import type { Store } from '@spanledger/store'

/** Where prices come from. Prices in the store take precedence over these. */
export interface PriceSources {
  readonly custom?: readonly PriceFile[] | undefined
  /** Published prices, instead of those of this version. */
  readonly list?: PriceList | undefined
}

/**
 * Returns a function that reads the current prices. It asks the store each time, because another process may change them,
 * and builds a new price book only if they have changed.
 */
export function createPriceSource(
  store: Pick<Store, 'customPrices'>,
  { custom = [], list }: PriceSources,
): () => Promise<PriceBook> {
  let known: { readonly text: string; readonly book: PriceBook } | undefined
  return async () => {
    const stored = await store.customPrices()
    const text = JSON.stringify(stored)
    if (known?.text !== text) known = { text, book: createPriceBook({ custom: [stored, ...custom], list }) }
    return known.book
  }
}
