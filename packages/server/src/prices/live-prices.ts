import { createPriceBook, type PriceBook } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import { createPriceSource, type PriceSources } from './price-source.ts'

/** Prices that follow the store. */
export interface LivePrices {
  /** The current price book. Asks the store again after some seconds; if that fails, the last prices stay. */
  book(): Promise<PriceBook>
}

const STALE_AFTER_MS = 2_000

export function createLivePrices(
  store: Pick<Store, 'customPrices'>,
  sources: PriceSources,
  now: () => number,
): LivePrices {
  const readPrices = createPriceSource(store, sources)
  let book: PriceBook | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    try {
      book = await readPrices()
    } catch {
      // A newer version may have written prices that this one does not understand; the error of the next write says more.
      book ??= createPriceBook(sources)
    } finally {
      askedAt = now()
      asking = undefined
    }
  }

  return {
    async book() {
      if (book === undefined || now() - askedAt >= STALE_AFTER_MS) await (asking ??= ask())
      return book ?? createPriceBook(sources)
    },
  }
}
