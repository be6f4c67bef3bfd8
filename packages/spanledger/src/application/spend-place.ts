import { existsSync } from 'node:fs'
import { databaseName, type Destination, parseDestination } from '../destination/destination.ts'
import { DEFAULT_DATABASE, type Environment, readSettings } from '../settings.ts'
import { openLedgers, type OpenLedger } from '../sink/open-ledgers.ts'

/** Where `spend` looks: a database or server, and the usage logs of this process that write to it. */
export interface SpendPlace {
  readonly destination: Destination
  readonly ledgers: readonly OpenLedger[]
}

export interface SpendPlaceOptions {
  readonly database?: string | undefined
  readonly token?: string | undefined
}

/**
 * The named database, else what this process has opened, else that of the environment. Throws a sentence if that cannot be
 * known, or if it is a file that is missing although nothing in this process writes to it.
 */
export function spendPlaceOf(options: SpendPlaceOptions, environment: Environment, workingFolder: string): SpendPlace {
  const settings = readSettings({ database: options.database }, environment)
  const token = options.token ?? settings.token
  const opened = openLedgers()
  const [first] = opened
  if (options.database === undefined && first !== undefined) {
    return { destination: withToken(onlyDestinationOf(first, opened), token), ledgers: opened }
  }
  const destination = parseDestination(settings.database, workingFolder, token)
  const ledgers = opened.filter((ledger) => databaseName(ledger.destination) === databaseName(destination))
  if ('path' in destination && ledgers.length === 0 && !existsSync(destination.path)) throw missing(destination.path)
  return { destination, ledgers }
}

function onlyDestinationOf(first: OpenLedger, ledgers: readonly OpenLedger[]): Destination {
  const names = [...new Set(ledgers.map(({ destination }) => databaseName(destination)))]
  if (names.length <= 1) return first.destination
  throw new Error(`spend: this process writes to ${names.join(' and ')}; pass the one to ask: spend({ database, … })`)
}

// The token that writes calls may have no right to read them.
function withToken(destination: Destination, token: string | undefined): Destination {
  return 'ledgerUrl' in destination && token !== undefined ? { ...destination, token } : destination
}

function missing(path: string): Error {
  return new Error(
    `spend: no database at ${path}, and this process writes to none; call register() before spend(), or pass the ` +
      `database that your application writes to: spend({ database: '${DEFAULT_DATABASE}', … })`,
  )
}
