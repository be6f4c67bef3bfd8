import { createPriceBook, type PriceBook, type PriceFile, type PriceList } from '@spanledger/core'
import type { Store } from '@spanledger/store'

/** Sources of prices. */
export interface PriceSourceOptions {
  readonly store: Pick<Store, 'customPrices'>
  /** Custom prices from files; those in the database have precedence. */
  readonly custom?: readonly PriceFile[] | undefined
  /** Published prices that replace the bundled ones. */
  readonly list?: PriceList | undefined
}

/**
 * Creates a function that returns the current prices. It reads the database each time, because another process may change
 * prices, and rebuilds the book only if they changed.
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
