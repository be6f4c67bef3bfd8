import {
  createPriceBook,
  type PriceBook,
  type PriceFile,
  type PriceList,
  toPriceFile,
  errorMessageOf,
} from '@spanledger/core'
import { dataFileOf, parseDestination } from '../destination/destination.ts'
import type { Reporter } from '../reporter.ts'
import type { Settings } from '../settings.ts'
import { readPriceFile } from '../prices/price-file.ts'
import { priceListPath, readPriceList } from '../prices/price-list-file.ts'

/** The prices of an application: its own, then the published ones. Broken prices are left out, with a warning. */
export function loadPrices(
  { prices, database }: Pick<Settings, 'prices' | 'database'>,
  reporter: Reporter,
  workingFolder: string,
): PriceBook {
  const attempt = <Value>(reason: string, read: () => Value): Value | undefined => {
    try {
      return read()
    } catch (error) {
      const message = errorMessageOf(error)
      reporter.warn(reason, `${message}. Calls are priced without it, from the published list`)
      return undefined
    }
  }
  const custom: PriceFile | undefined =
    prices === undefined ? undefined : attempt('prices', () => priceFileOf(prices, workingFolder))
  const list: PriceList | undefined = attempt('price-list', () =>
    readPriceList(priceListPath(dataFileOf(parseDestination(database, workingFolder), workingFolder))),
  )
  return createPriceBook({ custom, list })
}

function priceFileOf(prices: NonNullable<Settings['prices']>, workingFolder: string): PriceFile {
  return typeof prices === 'string' || prices instanceof URL
    ? readPriceFile(prices, workingFolder)
    : toPriceFile(prices)
}
