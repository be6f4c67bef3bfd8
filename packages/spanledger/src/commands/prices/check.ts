import { toProviderName } from '@spanledger/core'
import { DAY_MS } from '@spanledger/core/time'
import type { UnpricedModel } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../../cli/ledger.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../../cli/filter.ts'
import { addFormatOption, type Format } from '../../cli/format.ts'
import { type CsvCell, toCsv } from '@spanledger/server/export'
import { countOf, UNKNOWN } from '../../cli/text/numbers.ts'
import { renderTable, type TableColumn } from '../../cli/text/table.ts'
import { type CommandPrices, readPrices, WHICH_PRICES } from '../../prices/command-prices.ts'
import { createFindNearest } from '../../prices/nearest-model.ts'
import type { Ledger } from '../../ledger/ledger.ts'

interface CheckOptions extends FilterOptions, LedgerOption {
  readonly format: Format
}

/** A model without a price, and how to give it one. */
interface CheckedModel extends Omit<UnpricedModel, 'lastStartedAt'> {
  readonly lastStartedAt: string
  /** The model has a price now; its calls only need to be priced again. */
  readonly isPricedNow: boolean
  /** The model with a price that has the most similar name. */
  readonly nearest: string | null
}

const OLD_DAYS = 60

const COLUMNS: readonly TableColumn<CheckedModel>[] = [
  { title: 'provider', cell: (row) => row.provider ?? UNKNOWN },
  { title: 'model', cell: (row) => row.model ?? UNKNOWN },
  { title: 'calls', align: 'right', cell: (row) => row.calls.toLocaleString('en-US') },
  { title: 'tier', cell: (row) => row.serviceTier ?? '', dropOrder: 2 },
  { title: 'last call', cell: (row) => row.lastStartedAt.slice(0, 10), dropOrder: 3 },
  { title: 'why', cell: (row) => row.reason ?? UNKNOWN, dropOrder: 1 },
  { title: 'nearest known', cell: (row) => (row.isPricedNow ? 'has a price now: reprice' : (row.nearest ?? UNKNOWN)) },
]

const FIELDS = [
  ['provider', 'provider'],
  ['model', 'model'],
  ['requestModel', 'request_model'],
  ['serviceTier', 'service_tier'],
  ['reason', 'reason'],
  ['calls', 'calls'],
  ['lastStartedAt', 'last_started_at'],
  ['isPricedNow', 'is_priced_now'],
  ['nearest', 'nearest'],
] as const satisfies readonly (readonly [keyof CheckedModel, string])[]

// Reasons that disappear once the model has a price.
const CURABLE: ReadonlySet<string | null> = new Set([null, 'unknown_provider', 'unknown_model', 'unpriced_tier'])

export function addPricesCheckCommand(prices: Command, context: CliContext): void {
  const command = prices.command('check').description('Finds calls without a price, and reports old published prices.')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  addFilterOptions(command)
  command.addHelpText('after', `${WHICH_PRICES}\n\nExit code 1: a call has no price. An old list is only a warning.`)
  command.action((options: CheckOptions) => checkPrices(options, context))
}

async function checkPrices(options: CheckOptions, context: CliContext): Promise<void> {
  const { filter } = readFilter(options, context)
  await askLedger(options, context, async (ledger, { dataFile }) => {
    const prices = await readPrices(ledger, dataFile, context)
    const models = checkedModels(await ledger.unpricedModels(filter), prices)
    const ageDays = Math.floor((context.now() - Date.parse(prices.book.list.generated)) / DAY_MS)
    await context.output.write(textOf(models, { ...prices.book.list, ageDays }, options.format, context))
    if (ageDays > OLD_DAYS) context.output.note(oldListText(prices, ageDays))
    if (models.length > 0) throw new Error(unpricedText(models))
    context.output.note(await allPricedText(ledger, options, context))
  })
}

function checkedModels(models: readonly UnpricedModel[], { book }: CommandPrices): CheckedModel[] {
  const findNearest = createFindNearest(book)
  return models.map(({ lastStartedAt, ...model }) => {
    const { provider, serviceTier, requestModel, reason } = model
    const name = model.model ?? requestModel
    const price =
      provider === null || name === null || !CURABLE.has(reason)
        ? undefined
        : book.find({
            provider,
            model: name,
            requestModel: requestModel ?? undefined,
            serviceTier: serviceTier ?? undefined,
            atMs: lastStartedAt,
          })
    const nearest = name === null ? undefined : findNearest(provider === null ? null : toProviderName(provider), name)
    return {
      ...model,
      lastStartedAt: new Date(lastStartedAt).toISOString(),
      isPricedNow: price !== undefined && !('reason' in price),
      nearest: nearest === undefined ? null : `${nearest.provider}/${nearest.model}`,
    }
  })
}

function textOf(models: readonly CheckedModel[], list: object, format: Format, { output }: CliContext): string {
  if (format === 'json') return `${JSON.stringify({ list, unpriced: models }, null, 2)}\n`
  if (format === 'jsonl') return models.map((row) => `${JSON.stringify(row)}\n`).join('')
  if (format === 'csv') {
    return toCsv([FIELDS.map(([, title]) => title), ...models.map((row) => FIELDS.map(([name]) => cellOf(row[name])))])
  }
  return models.length === 0 ? '' : renderTable(models, COLUMNS, { width: output.width, heading: output.heading }).text
}

function cellOf(value: CsvCell | boolean): CsvCell {
  return typeof value === 'boolean' ? Number(value) : value
}

function oldListText({ book }: CommandPrices, ageDays: number): string {
  const { source, version, generated } = book.list
  return (
    `Warning: the published prices are ${ageDays} days old (${source} ${version} of ${generated}); ` +
    'update spanledger, or run "spanledger prices update"'
  )
}

function unpricedText(models: readonly CheckedModel[]): string {
  const sum = (rows: readonly CheckedModel[]) => rows.reduce((calls, row) => calls + row.calls, 0)
  const cured = sum(models.filter((row) => row.isPricedNow))
  const rest = sum(models) - cured
  const parts = [`${countOf(sum(models), 'call')} without a price`]
  if (cured > 0) parts.push(`a price exists now for ${countOf(cured, 'call')}: run "spanledger reprice"`)
  if (rest > 0) parts.push('set prices with "spanledger prices set", for example --alias-of the nearest known model')
  return parts.join('; ')
}

async function allPricedText(ledger: Ledger, options: CheckOptions, context: CliContext): Promise<string> {
  const { calls, unknownUsageCalls } = await ledger.summary(readFilter(options, context).filter)
  const unknown = unknownUsageCalls > 0 ? `; ${countOf(unknownUsageCalls, 'call')} with unknown usage` : ''
  return `${countOf(calls, 'call')}, none without a price${unknown}`
}
