import type { CustomPrice, LongInputPrices, PricedModel } from '@spanledger/core'
import { type ListedPrice, TOKEN_PRICE_NAMES, UNIT_PRICE_NAMES } from '@spanledger/core/prices'
import type { CsvCell } from '@spanledger/server/export'
import { UNKNOWN } from '../cli/text/numbers.ts'
import { type RenderedTable, renderTable, type TableColumn, type TableOptions } from '../cli/text/table.ts'

/** A price in any form; fields of other forms are absent. */
export type AnyPrice = Partial<CustomPrice> & Partial<ListedPrice>

const OWN_COLUMN: ReadonlySet<string> = new Set(['input', 'output', 'cache_read', 'cache_write'])

const COLUMNS: readonly TableColumn<PricedModel>[] = [
  { title: 'provider', cell: ({ provider }) => provider },
  { title: 'model', cell: ({ model }) => model },
  { title: 'from', cell: ({ price }) => price.from ?? '', dropOrder: 2 },
  { title: 'input', align: 'right', cell: ({ price }) => price.per_mtok?.input ?? '' },
  { title: 'output', align: 'right', cell: ({ price }) => price.per_mtok?.output ?? '' },
  { title: 'cache read', align: 'right', cell: ({ price }) => price.per_mtok?.cache_read ?? '', dropOrder: 3 },
  { title: 'cache write', align: 'right', cell: ({ price }) => price.per_mtok?.cache_write ?? '', dropOrder: 4 },
  { title: 'source', cell: ({ source }) => source, dropOrder: 1 },
  { title: 'details', cell: ({ price }) => detailsOf(price).join(', '), dropOrder: 5, maxLength: 90 },
]

/** Prices in dollars per million tokens, one row each. */
export function priceTable(rows: readonly PricedModel[], options: TableOptions<PricedModel>): RenderedTable {
  return renderTable(rows, COLUMNS, options)
}

/** The same as CSV cells: every field of a price, under its name in the file format. */
export function priceCells(rows: readonly PricedModel[]): CsvCell[][] {
  const titles = [
    'source',
    'provider',
    'model',
    'from',
    'to',
    'tier',
    'hours',
    ...TOKEN_PRICE_NAMES,
    ...UNIT_PRICE_NAMES,
  ]
  return [
    [...titles, 'above', 'alias_of', 'discount'],
    ...rows.map(({ source, provider, model, price }) => {
      const { from, to, tier, hours, per_mtok, per_unit, above, alias_of, discount }: AnyPrice = price
      return [
        source,
        provider,
        model,
        from ?? null,
        to ?? null,
        tier ?? null,
        hours ?? null,
        ...TOKEN_PRICE_NAMES.map((name) => per_mtok?.[name] ?? null),
        ...UNIT_PRICE_NAMES.map((name) => per_unit?.[name] ?? null),
        above === undefined ? null : JSON.stringify(above),
        alias_of ?? null,
        discount ?? null,
      ]
    }),
  ]
}

/** A price as lines of a name and a value. */
export function priceLines(price: AnyPrice): readonly (readonly [name: string, text: string])[] {
  const lines: (readonly [string, string])[] = []
  const tokens = TOKEN_PRICE_NAMES.flatMap((name) => rate(price.per_mtok?.[name], name))
  if (tokens.length > 0) lines.push(['per million tokens', tokens.join(', ')])
  for (const step of price.above ?? [])
    lines.push([`input over ${step.input_gt.toLocaleString('en-US')}`, stepText(step)])
  const units = UNIT_PRICE_NAMES.flatMap((name) => rate(price.per_unit?.[name], name))
  if (units.length > 0) lines.push(['per unit', units.join(', ')])
  for (const [name, text] of [
    ['same as', price.alias_of],
    ['times', price.discount],
    ['service tier', price.tier],
    ['from', price.from],
    ['until (exclusive)', price.to],
    ['hours (UTC)', price.hours],
    ['also billed, not measured', price.not_metered?.join(', ')],
  ] as const) {
    if (text !== undefined && text !== null) lines.push([name, text])
  }
  return lines
}

function detailsOf(price: AnyPrice): string[] {
  const parts: string[] = []
  if (price.alias_of !== undefined) parts.push(`same as ${price.alias_of}`)
  if (price.discount !== undefined) parts.push(`times ${price.discount}`)
  if (typeof price.tier === 'string') parts.push(`tier ${price.tier}`)
  if (typeof price.to === 'string') parts.push(`until ${price.to}`)
  if (price.hours !== undefined) parts.push(`${price.hours} UTC`)
  for (const name of TOKEN_PRICE_NAMES) if (!OWN_COLUMN.has(name)) parts.push(...rate(price.per_mtok?.[name], name))
  for (const name of UNIT_PRICE_NAMES) parts.push(...rate(price.per_unit?.[name], `per ${name}`))
  for (const step of price.above ?? []) parts.push(`over ${step.input_gt.toLocaleString('en-US')}: ${stepText(step)}`)
  return parts
}

function stepText({ per_mtok }: LongInputPrices): string {
  return TOKEN_PRICE_NAMES.flatMap((name) => rate(per_mtok[name], name)).join(' ') || UNKNOWN
}

function rate(text: string | undefined, name: string): string[] {
  return text === undefined ? [] : [`${name.replaceAll('_', ' ')} ${text}`]
}
