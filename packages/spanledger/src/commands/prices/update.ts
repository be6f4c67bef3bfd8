import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PriceList } from '@spanledger/core'
import { type ListedPrice, listedPricesOf, type MergedPrices, mergePrices } from '@spanledger/core/prices'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addDatabaseOption, type DatabaseOption, readDatabase } from '../../cli/database.ts'
import { UsageError } from '../../cli/error.ts'
import { dataFileOf } from '../../destination/destination.ts'
import { addFormatOption } from '../../cli/format.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { loadPriceSource, type PriceSource } from '../../prices/load-price-source.ts'
import { priceListHash, priceListPath, readPriceList, writePriceList } from '../../prices/price-list-file.ts'

interface UpdateOptions extends DatabaseOption {
  readonly from: string
  readonly date?: string
  readonly format: 'table' | 'json' | 'jsonl'
}

export function addPricesUpdateCommand(prices: Command, context: CliContext): void {
  const command = prices
    .command('update')
    .description('Updates the published prices from a file or an npm package on this machine.')
    .requiredOption(
      '--from <path>',
      'folder of the npm package @pydantic/genai-prices, a data file of that project, or a price list',
    )
    .option('--date <day>', 'first day of changed prices, such as 2026-01-31 (default: today in UTC)')
  addFormatOption(command, ['table', 'json', 'jsonl'])
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
The list is written beside the database as <database>.price-list.json, atomically. No price is lost: a changed price is
valid from --date on, earlier calls keep the old one, and removed models keep their last price. Applications with this
database read the list when they start. Nothing is fetched from the network:

  npm pack @pydantic/genai-prices && tar xf pydantic-genai-prices-*.tgz
  spanledger prices update --from package`,
  )
  command.action((options: UpdateOptions) => updatePrices(options, context))
}

async function updatePrices(options: UpdateOptions, context: CliContext): Promise<void> {
  const today = new Date(context.now()).toISOString().slice(0, 10)
  const date = parseDay(options.date ?? today, today)
  const dataFile = dataFileOf(readDatabase(options, context), context.workingFolder)
  const folder = dirname(dataFile)
  if (!existsSync(folder)) throw new Error(`The folder ${folder} does not exist; create it (mkdir -p) or pass --db`)
  const source = await loadPriceSource(resolve(context.workingFolder, options.from), today)
  const path = priceListPath(dataFile)
  const before = readPriceList(path)
  const merged = mergePrices(pricesOf(before), source.prices, date)
  const list = listOf({ source, before, merged, today })
  const isSame = list.sha256 === before.sha256 && list.version === before.version
  if (!isSame) writePriceList(path, list)
  await context.output.write(textOf({ path: isSame ? null : path, list, merged, notes: source.notes }, options.format))
  const changes = `${countOf(merged.changes.length, 'change')}, ${countOf(merged.gone.length, 'model')} missing from the source keep their price`
  context.output.note(isSame ? `Nothing new in ${source.source} ${source.version}` : `Wrote ${path}: ${changes}`)
}

interface ListParts {
  readonly source: PriceSource
  readonly before: PriceList
  readonly merged: MergedPrices
  readonly today: string
}

function listOf({ source, before, merged, today }: ListParts): PriceList {
  const content = { fallbacks: { ...before.fallbacks, ...source.fallbacks }, prices: merged.prices }
  return {
    source: source.source,
    version: source.version,
    generated: today,
    sha256: priceListHash(content),
    ...content,
  }
}

function pricesOf(list: PriceList): Record<string, readonly ListedPrice[]> {
  return Object.fromEntries(Object.keys(list.prices).map((provider) => [provider, listedPricesOf(list, provider)]))
}

interface UpdateResult {
  readonly path: string | null
  readonly list: PriceList
  readonly merged: MergedPrices
  readonly notes: readonly string[]
}

function textOf({ path, list, merged, notes }: UpdateResult, format: UpdateOptions['format']): string {
  const { changes, gone } = merged
  const { source, version, generated, sha256 } = list
  if (format === 'json') {
    return `${JSON.stringify({ path, source, version, generated, sha256, changes, gone, notes }, null, 2)}\n`
  }
  if (format === 'jsonl') return changes.map((change) => `${JSON.stringify({ change })}\n`).join('')
  return changes.map((change) => `${change}\n`).join('')
}

function parseDay(text: string, today: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  if (isDay && new Date(text).toISOString().startsWith(text) && text <= today) return text
  throw new UsageError(`--date "${text}" must be a day up to today, such as 2026-01-31`)
}
