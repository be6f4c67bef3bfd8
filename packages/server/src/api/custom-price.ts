import { type CustomPrice, nameOfPath, PriceError, type PriceFile, toPriceFile, toProviderName } from '@spanledger/core'
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
  // The fields of this price are named as they stand in the body; only a tie with another one is about the file.
  checkPrices([price], (path) => path.slice(2))
  return checkPrices([...prices.filter((other) => !isSamePlace(other, price)), price], (path) => path)
}

type Path = PriceError['path']

function checkPrices(prices: readonly CustomPrice[], toShown: (path: Path) => Path): PriceFile {
  try {
    return toPriceFile({ schema: 1, prices })
  } catch (cause) {
    if (!(cause instanceof PriceError)) throw cause
    const field = nameOfPath(toShown(cause.path))
    const message = field === '' ? cause.problem : `${field}: ${cause.problem}`
    throw new HttpError(`Not a price: ${message}`, { status: 422, code: 'invalid_price', cause })
  }
}
