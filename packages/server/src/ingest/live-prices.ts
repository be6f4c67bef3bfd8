import { createPriceBook, type PriceBook, type PriceFile, type PriceList } from '@spanledger/core'
import type { Store } from '@spanledger/store'

/** Where prices come from. Prices in the store have precedence over all of these. */
export interface PriceSources {
  readonly custom?: readonly PriceFile[] | undefined
  /** Published prices, instead of those that come with core. */
  readonly list?: PriceList | undefined
}

/** Prices that follow the store. */
export interface LivePrices {
  /** Returns the current price book. Reads the store again after two seconds, and keeps the known prices if that fails. */
  book(): Promise<PriceBook>
}

const STALE_AFTER_MS = 2_000

export function createLivePrices(
  store: Pick<Store, 'customPrices'>,
  { custom = [], list }: PriceSources,
  now: () => number,
): LivePrices {
  let book: PriceBook | undefined
  let known = ''
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    try {
      const stored = await store.customPrices()
      const text = JSON.stringify(stored)
      if (book === undefined || text !== known) book = createPriceBook({ custom: [stored, ...custom], list })
      known = text
    } catch {
      // A newer version may have written prices that this one cannot read. The next write reports the error.
      book ??= createPriceBook({ custom, list })
    } finally {
      askedAt = now()
      asking = undefined
    }
  }

  return {
    async book() {
      if (book === undefined || now() - askedAt >= STALE_AFTER_MS) await (asking ??= ask())
      return book ?? createPriceBook({ custom, list })
    },
  }
}
