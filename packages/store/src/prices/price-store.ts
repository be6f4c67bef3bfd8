import type { PriceFile } from '@spanledger/core'

/** Stores custom prices, which take precedence over every published price list. */
export interface PriceStore {
  /** The custom prices, in their order; the list may be empty. Rejects with a sentence if this version cannot read one. */
  customPrices(): Promise<PriceFile>

  /**
   * Replaces the prices in one transaction. `change` receives the stored prices and returns the new ones synchronously;
   * it may be called again if another writer interfered. The promise resolves to the new prices. If `change` throws, or
   * if its prices are not consistent, nothing changes.
   */
  changePrices(change: (prices: PriceFile) => PriceFile): Promise<PriceFile>
}
