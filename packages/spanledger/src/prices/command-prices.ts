import { existsSync } from 'node:fs'
import { createPriceBook, type PriceBook, type PriceFile } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import type { CliContext } from '../cli/context.ts'
import { askDatabase, type DatabaseOption, mayBeThere, readDatabase } from '../cli/database.ts'
import { dataFileOf } from '../destination/destination.ts'
import { readSettings } from '../settings.ts'
import { readPriceFile } from './price-file.ts'
import { priceListPath, readPriceList } from './price-list-file.ts'

/** Help text of every command that prices calls. */
export const WHICH_PRICES = `
Custom prices take precedence over published ones: first those in the database ("spanledger prices set"), then those in
the file SPANLEDGER_PRICES. The published list is the one of this version, or a newer one beside the database
("spanledger prices update"). A running application uses that list and its own file (register({ prices }) or
SPANLEDGER_PRICES), not the prices in the database: "spanledger reprice" applies those.`

/** The prices that a command uses. */
export interface CommandPrices {
  readonly book: PriceBook
  /** The published list alone. */
  readonly published: PriceBook
}

/** Reads the prices of an open database, if there is one, and of the file SPANLEDGER_PRICES. */
export async function readPrices(
  store: Pick<Store, 'customPrices'> | undefined,
  dataFile: string,
  { environment, workingFolder }: CliContext,
): Promise<CommandPrices> {
  const stored: readonly PriceFile[] = store === undefined ? [] : [await store.customPrices()]
  const { prices } = readSettings({}, environment)
  const named = typeof prices === 'string' ? [readPriceFile(prices, workingFolder)] : []
  const list = readPriceList(priceListPath(dataFile))
  return { book: createPriceBook({ custom: [...stored, ...named], list }), published: createPriceBook({ list }) }
}

/** Reads prices, with those of the database if it exists: prices are available before the first call. */
export async function askPrices<Answer>(
  option: DatabaseOption,
  context: CliContext,
  ask: (prices: CommandPrices) => Promise<Answer>,
): Promise<Answer> {
  const database = readDatabase(option, context)
  const dataFile = dataFileOf(database, context.workingFolder)
  const isNamed = option.db !== undefined && !existsSync(priceListPath(dataFile))
  if (!isNamed && !mayBeThere(database)) return ask(await readPrices(undefined, dataFile, context))
  return askDatabase(option, context, async (store) => ask(await readPrices(store, dataFile, context)))
}
