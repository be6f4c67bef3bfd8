import { toProviderName } from '../vocabulary/provider-names.ts'
import type { CustomPrice } from './price-file.ts'

/** The fields of a custom price that decide which calls it is for. */
export type PriceKey = Pick<CustomPrice, 'provider' | 'model' | 'tier' | 'from'>

/** Whether two prices are for the same calls, so that one replaces the other. */
export function hasSameKey(a: PriceKey, b: PriceKey): boolean {
  return (
    toProviderName(a.provider) === toProviderName(b.provider) &&
    a.model.trim().toLowerCase() === b.model.trim().toLowerCase() &&
    (a.tier ?? null) === (b.tier ?? null) &&
    (a.from ?? null) === (b.from ?? null)
  )
}
