import { type CustomPrice, type PricedModel, toProviderName } from '@spanledger/core'

/** A custom price as a row among all prices. */
export function rowOf(price: CustomPrice): PricedModel {
  return { source: 'custom', provider: toProviderName(price.provider), model: price.model, price }
}
