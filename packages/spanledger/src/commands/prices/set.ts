import { type CustomPrice, hasSameKey, nameOfPath, PriceError, type PriceFile, toPriceFile } from '@spanledger/core'
import { TOKEN_PRICE_NAMES, UNIT_PRICE_NAMES } from '@spanledger/core/prices'
import { type Command, Option } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addDatabaseOption, changeDatabase, type DatabaseOption } from '../../cli/database.ts'
import { UsageError } from '../../cli/error.ts'
import { addFormatOption, type Format } from '../../cli/format.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { WHICH_PRICES } from '../../prices/command-prices.ts'
import { readPriceFile } from '../../prices/price-file.ts'
import { rowOf } from './custom-price-row.ts'
import { printPrices } from './print-prices.ts'

type SetOptions = DatabaseOption & {
  readonly format: Format
  readonly fromFile?: string
  readonly from?: string
  readonly to?: string
  readonly tier?: string
  readonly aliasOf?: string
  readonly discount?: string
} & Readonly<Record<string, unknown>>

export function addPricesSetCommand(prices: Command, context: CliContext): void {
  const command = prices
    .command('set')
    .description('Stores a custom price in the database, or a whole prices.json with --from-file.')
    .argument('[provider]', 'such as azure')
    .argument('[model]', 'model id or pattern; * matches any text but never continues a version')
    .option('--from-file <file>', 'replace all your prices with those of this file')
    .option('--from <day>', 'first day of the price in UTC, such as 2026-01-31 (default: no start)')
    .option('--to <day>', 'first day on which it is no longer valid')
    .option('--tier <name>', 'service tier, such as flex (default: the standard one)')
    .option('--alias-of <model>', 'use the price of this model: openai/gpt-4o')
    .option('--discount <factor>', 'factor for all prices: 0.85 is 15 % off')
  addRateOptions(command)
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
A new price for the same model, tier and first day replaces the old one completely. Different prices for long inputs
("above") are only possible in a file. Stored calls keep their cost until "spanledger reprice".
${WHICH_PRICES}

Examples:
  spanledger prices set azure my-gpt4o-prod --alias-of openai/gpt-4o-2024-11-20
  spanledger prices set openai gpt-5-mini --tier flex --input 0.125 --output 1 --cache-read 0.0125
  spanledger prices set --from-file prices.json`,
  )
  command.action((provider: string | undefined, model: string | undefined, options: SetOptions) =>
    options.fromFile === undefined
      ? setPrice(entryOf(provider, model, options), options, context)
      : setFile(options.fromFile, { provider, options }, context),
  )
}

function addRateOptions(command: Command): void {
  command.optionsGroup('Dollars per million tokens:')
  for (const name of TOKEN_PRICE_NAMES) command.addOption(new Option(`--${flagOf(name)} <usd>`))
  command.optionsGroup('Dollars per unit:')
  for (const name of UNIT_PRICE_NAMES) command.addOption(new Option(`--per-${name} <usd>`))
  command.optionsGroup('Options:')
}

async function setPrice(entry: CustomPrice, options: SetOptions, context: CliContext): Promise<void> {
  await changeDatabase(options, context, async (store) => {
    let replaced = 0
    await store.changePrices(({ prices }) => {
      const others = prices.filter((price) => !hasSameKey(price, entry))
      replaced = prices.length - others.length
      return { schema: 1, prices: [...others, entry] }
    })
    await printPrices([rowOf(entry)], options.format, context)
    context.output.note(`${replaced > 0 ? 'Replaced' : 'Added'}. For stored calls, run "spanledger reprice"`)
    const missing = (['input', 'output'] as const).filter((name) => entry.per_mtok?.[name] === undefined)
    if (entry.per_mtok !== undefined && missing.length > 0) {
      context.output.note(`Without a price for ${missing.join(' and ')}, calls with such tokens stay unpriced`)
    }
  })
}

async function setFile(
  name: string,
  { provider, options }: { readonly provider: string | undefined; readonly options: SetOptions },
  context: CliContext,
): Promise<void> {
  if (provider !== undefined) throw new UsageError('Pass either a model or --from-file, not both')
  const file: PriceFile = readPriceFile(name, context.workingFolder)
  await changeDatabase(options, context, async (store) => {
    let before = 0
    const { prices } = await store.changePrices((current) => {
      before = current.prices.length
      return file
    })
    await printPrices(prices.map(rowOf), options.format, context)
    context.output.note(
      `${countOf(prices.length, 'price')} instead of ${before}. For stored calls, run "spanledger reprice"`,
    )
  })
}

function entryOf(provider: string | undefined, model: string | undefined, options: SetOptions): CustomPrice {
  if (provider === undefined || model === undefined) {
    throw new UsageError(
      'Pass a provider and a model, such as "prices set openai gpt-5 --input 1.25 --output 10", or --from-file',
    )
  }
  const { from, to, tier, aliasOf, discount } = options
  const perMtok = ratesOf(options, TOKEN_PRICE_NAMES, flagOf)
  const perUnit = ratesOf(options, UNIT_PRICE_NAMES, (name) => `per-${name}`)
  const entry = {
    provider,
    model,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(tier === undefined ? {} : { tier }),
    ...(aliasOf === undefined ? {} : { alias_of: aliasOf }),
    ...(Object.keys(perMtok).length === 0 ? {} : { per_mtok: perMtok }),
    ...(Object.keys(perUnit).length === 0 ? {} : { per_unit: perUnit }),
    ...(discount === undefined ? {} : { discount }),
  }
  try {
    return toPriceFile({ schema: 1, prices: [entry] }).prices[0] ?? entry
  } catch (error) {
    if (!(error instanceof PriceError)) throw error
    const name = optionOf(error)
    throw new UsageError(`Not a price: ${name === '' ? '' : `${name}: `}${error.problem}`, { cause: error })
  }
}

// There is no file here, so the error names the option instead of the path in the file.
function optionOf({ path }: PriceError): string {
  return nameOfPath(path.slice(2).filter((part) => part !== 'per_mtok' && part !== 'per_unit'))
}

function ratesOf<Name extends string>(
  options: SetOptions,
  names: readonly Name[],
  toFlag: (name: Name) => string,
): { readonly [name in Name]?: string } {
  const rates: { [name in Name]?: string } = {}
  for (const name of names) {
    const key = toFlag(name).replace(/-([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
    const value = options[key]
    if (typeof value === 'string') rates[name] = value
  }
  return rates
}

function flagOf(name: string): string {
  return name.replaceAll('_', '-')
}
