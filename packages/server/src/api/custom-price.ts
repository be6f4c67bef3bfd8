import { type CustomPrice, hasSameKey, nameOfPath, PriceError, type PriceFile, toPriceFile } from '@spanledger/core'
import { HttpError } from '../http/http-error.ts'

/** Adds a price to a file, or replaces the price for the same calls. Refuses an invalid price with an `HttpError`. */
export function withPrice({ prices }: PriceFile, price: CustomPrice): PriceFile {
  // Errors name fields as they appear in the body; only a conflict with another price names a path in the file.
  checkPrices([price], (path) => path.slice(2))
  return checkPrices([...prices.filter((other) => !hasSameKey(other, price)), price], (path) => path)
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
