import { existsSync } from 'node:fs'
import { createPriceBook, type PriceBook, type PriceFile, type PriceList } from '@spanledger/core'
import type { CliContext } from '../cli/context.ts'
import { mayBeThere, readDatabase } from '../cli/database.ts'
import { askLedger, type LedgerOption, ledgerServerOf } from '../cli/ledger.ts'
import { dataFileOf } from '../destination/destination.ts'
import type { Ledger } from '../ledger/ledger.ts'
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

/**
 * Reads the prices of an open database, if there is one, and of the file SPANLEDGER_PRICES. A server is asked for all of
 * its prices instead: the files of this machine say nothing about them.
 */
export async function readPrices(
  ledger: Pick<Ledger, 'customPrices' | 'publishedPrices'> | undefined,
  dataFile: string,
  { environment, workingFolder }: CliContext,
): Promise<CommandPrices> {
  const stored: readonly PriceFile[] = ledger === undefined ? [] : [await ledger.customPrices()]
  const served = await ledger?.publishedPrices?.()
  if (served !== undefined) return pricesOf(stored, served)
  const { prices } = readSettings({}, environment)
  const named = typeof prices === 'string' ? [readPriceFile(prices, workingFolder)] : []
  return pricesOf([...stored, ...named], readPriceList(priceListPath(dataFile)))
}

function pricesOf(custom: readonly PriceFile[], list: PriceList): CommandPrices {
  return { book: createPriceBook({ custom, list }), published: createPriceBook({ list }) }
}

/** Reads prices, with those of the database if it exists: prices are available before the first call. */
export async function askPrices<Answer>(
  option: LedgerOption,
  context: CliContext,
  ask: (prices: CommandPrices) => Promise<Answer>,
): Promise<Answer> {
  if (ledgerServerOf(option, context) !== undefined) return askOpened(option, context, ask)
  const database = readDatabase(option, context)
  const dataFile = dataFileOf(database, context.workingFolder)
  const isNamed = option.db !== undefined && !existsSync(priceListPath(dataFile))
  if (!isNamed && !mayBeThere(database)) return ask(await readPrices(undefined, dataFile, context))
  return askOpened(option, context, ask)
}

function askOpened<Answer>(
  option: LedgerOption,
  context: CliContext,
  ask: (prices: CommandPrices) => Promise<Answer>,
): Promise<Answer> {
  return askLedger(option, context, async (ledger, { dataFile }) => ask(await readPrices(ledger, dataFile, context)))
}
