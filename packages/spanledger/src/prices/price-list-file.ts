import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { errorCodeOf, errorMessageOf, PRICE_LIST, type PriceList } from '@spanledger/core'
import { parsePriceList, priceListText } from '@spanledger/core/prices'

/** The file of `spanledger prices update`: beside the database, where applications and commands find it. */
export function priceListPath(databasePath: string): string {
  return `${databasePath}.price-list.json`
}

/**
 * The newer of the published prices: those of this version or those of the file. Throws a sentence if the file exists but
 * is not a price list.
 */
export function readPriceList(path: string): PriceList {
  const own = readOwnList(path)
  return own !== undefined && own.generated >= PRICE_LIST.generated ? own : PRICE_LIST
}

/** The hash that identifies a price list. */
export function priceListHash(list: Pick<PriceList, 'fallbacks' | 'prices'>): string {
  return createHash('sha256').update(priceListText(list)).digest('hex')
}

/** Writes a price list atomically: a reader sees the old one or the new one. */
export function writePriceList(path: string, list: PriceList): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(file, jsonOf(list))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    const reason = errorMessageOf(cause)
    throw new Error(`Cannot write ${path} (${reason}); give this user write access to its folder`, { cause })
  }
}

function readOwnList(path: string): PriceList | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(cause) ?? '')) return undefined
    throw broken(path, cause)
  }
  try {
    const list = parsePriceList(text, path)
    // Calls refer to the list that priced them by this hash.
    if (priceListHash(list) !== list.sha256) throw new Error('its content does not match its sha256')
    return list
  } catch (cause) {
    throw broken(path, cause)
  }
}

function broken(path: string, cause: unknown): Error {
  const reason = errorMessageOf(cause)
  return new Error(
    `${path} is not a price list (${reason}); delete it and run "spanledger prices update" again, and keep custom prices in another file`,
    { cause },
  )
}

// One line per price, so that a change is one line of a diff.
function jsonOf({ prices, ...about }: PriceList): string {
  const head = JSON.stringify(about, null, 1).slice(0, -2)
  const providers = Object.entries(prices).map(([provider, entries]) => {
    const lines = typeof entries === 'string' ? [entries] : entries.map((entry) => JSON.stringify(entry))
    return `${JSON.stringify(provider)}: ${typeof entries === 'string' ? lines.join('') : `[\n${lines.join(',\n')}\n]`}`
  })
  return `${head},\n "prices": {\n${providers.join(',\n')}\n }\n}\n`
}
