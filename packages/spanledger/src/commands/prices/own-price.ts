import { type CustomPrice, type PricedModel, toProviderName } from '@spanledger/core'

/** Which calls a price of your own is for. */
export type PricePlace = Pick<CustomPrice, 'provider' | 'model' | 'tier' | 'from'>

/** Whether two prices are for the same calls, so that one takes the place of the other. */
export function isSamePlace(a: PricePlace, b: PricePlace): boolean {
  return (
    toProviderName(a.provider) === toProviderName(b.provider) &&
    a.model.trim().toLowerCase() === b.model.trim().toLowerCase() &&
    (a.tier ?? null) === (b.tier ?? null) &&
    (a.from ?? null) === (b.from ?? null)
  )
}

/** A price of your own as a row among all prices. */
export function rowOf(price: CustomPrice): PricedModel {
  return { source: 'custom', provider: toProviderName(price.provider), model: price.model, price }
}
