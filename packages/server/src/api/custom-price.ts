import { type CustomPrice, type PriceFile, toPriceFile, toProviderName } from '@spanledger/core'
import { HttpError } from '../http/http-error.ts'

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

/** Prices with this one among them; it takes the place of one for the same calls. Throws what does not hold together. */
export function withPrice({ prices }: PriceFile, price: CustomPrice): PriceFile {
  checkPrice({ schema: 1, prices: [price] }, /^prices: prices\[0\][.:]? ?/)
  return checkPrice(
    { schema: 1, prices: [...prices.filter((other) => !isSamePlace(other, price)), price] },
    /^prices: /,
  )
}

function checkPrice(file: PriceFile, prefix: RegExp): PriceFile {
  try {
    return toPriceFile(file)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.replace(prefix, '') : String(cause)
    throw new HttpError(`Not a price: ${message}`, { status: 422, code: 'invalid_price', cause })
  }
}
