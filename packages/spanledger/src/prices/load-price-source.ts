import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { errorMessageOf, type PriceList } from '@spanledger/core'
import { fromGenAIPrices, type ListedPrice, listedPricesOf, parsePriceList } from '@spanledger/core/prices'

/** Published prices from another source. */
export interface PriceSource extends Pick<PriceList, 'source' | 'version' | 'fallbacks'> {
  readonly prices: Readonly<Record<string, readonly ListedPrice[]>>
  /** What was left out, or read more strictly than in the source. */
  readonly notes: readonly string[]
}

const GENAI_PRICES = '@pydantic/genai-prices'

/**
 * Reads published prices from a folder with the npm package `@pydantic/genai-prices`, from the data file of that project,
 * or from a price list of our own. No network. Throws a sentence that says what is wrong. `today` is the version of a
 * file without one.
 */
export async function loadPriceSource(location: string, today: string): Promise<PriceSource> {
  const path = resolve(location)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new Error(`${path} does not exist; use a file or the folder of an npm package`)
  return stats.isDirectory() ? loadPackage(path) : readSourceFile(path, today)
}

async function loadPackage(folder: string): Promise<PriceSource> {
  const manifestPath = join(folder, 'package.json')
  const { name, version } = JSON.parse(readText(manifestPath)) as {
    readonly name?: unknown
    readonly version?: unknown
  } // checked below
  if (name !== GENAI_PRICES || typeof version !== 'string') {
    throw new Error(`${folder} is ${String(name)}, not ${GENAI_PRICES}; run "npm pack ${GENAI_PRICES}" and unpack it`)
  }
  // A package can require itself by name.
  const loaded = createRequire(manifestPath)(name) as { readonly waitForUpdate?: () => Promise<unknown> } // checked below
  if (typeof loaded.waitForUpdate !== 'function') {
    throw new Error(`${GENAI_PRICES} ${version} in ${folder} has no waitForUpdate; update spanledger to read it`)
  }
  // Returns the data of the package: it uses the network only after `updatePrices`.
  return { source: name, version, ...fromGenAIPrices(await loaded.waitForUpdate()) }
}

function readSourceFile(path: string, today: string): PriceSource {
  const text = readText(path)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path} is not JSON; use a data file of ${GENAI_PRICES} or a price list`, { cause })
  }
  if (Array.isArray(value)) return { source: GENAI_PRICES, version: today, ...fromGenAIPrices(value) }
  if (typeof value === 'object' && value !== null && 'schema' in value) {
    throw new Error(`${path} contains custom prices; use "spanledger prices set --from-file ${path}"`)
  }
  const list = parsePriceList(text, path)
  const providers = Object.keys(list.prices)
  return {
    source: list.source,
    version: list.version,
    fallbacks: list.fallbacks,
    prices: Object.fromEntries(providers.map((provider) => [provider, listedPricesOf(list, provider)])),
    notes: [],
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = errorMessageOf(cause)
    throw new Error(`Cannot read ${path} (${reason})`, { cause })
  }
}
