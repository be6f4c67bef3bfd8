import { isObject } from '../json/attribute-values.ts'
import { toProviderName } from '../vocabulary/provider-names.ts'
import { type Fail, checkDay, checkDecimal, checkPrice, checkText, refuseUnknown } from './check-price.ts'
import { patternsOverlap, toModelPattern } from './model-pattern.ts'
import { type JsonPath, nameOfPath, PriceError } from './price-error.ts'
import type { CustomPrice, PriceFile } from './price-file.ts'
import { serviceTierOf } from './service-tier.ts'

const FILE_FIELDS = ['$schema', 'schema', 'prices'] as const
const ENTRY_FIELDS = [
  'provider',
  'model',
  'from',
  'to',
  'tier',
  'alias_of',
  'per_mtok',
  'above',
  'per_unit',
  'discount',
] as const

/** Checks prices of one's own: `register({ prices })`, or the content of a `prices.json`. Throws a `PriceError`. */
export function toPriceFile(value: unknown): PriceFile {
  return checkPriceFile(value, (path, message) => {
    throw new PriceError(path.length === 0 ? 'prices' : `prices: ${nameOfPath(path)}`, path, message)
  })
}

function checkPriceFile(value: unknown, fail: Fail): PriceFile {
  if (!isObject(value)) return fail([], 'expected an object {"schema": 1, "prices": […]}')
  refuseUnknown(value, { known: FILE_FIELDS, path: [], fail })
  if (value['schema'] !== 1) fail(['schema'], `${JSON.stringify(value['schema'])} is not a known schema; write 1`)
  const prices: unknown = value['prices']
  if (!Array.isArray(prices)) return fail(['prices'], 'expected an array of prices')
  prices.forEach((entry: unknown, index) => checkEntry(entry, ['prices', index], fail))
  const checked = prices as readonly CustomPrice[] // checkEntry has looked at every field of every entry
  refuseTies(checked, fail)
  return { schema: 1, prices: checked }
}

function checkEntry(entry: unknown, path: JsonPath, fail: Fail): void {
  if (!isObject(entry)) return fail(path, 'expected an object with provider and model')
  refuseUnknown(entry, { known: ENTRY_FIELDS, path, fail })
  checkText(entry['provider'], [...path, 'provider'], fail)
  checkText(entry['model'], [...path, 'model'], fail)
  if (entry['tier'] !== undefined && entry['tier'] !== null) checkText(entry['tier'], [...path, 'tier'], fail)
  checkDay(entry['to'], [...path, 'to'], fail)
  checkPrice(entry, path, fail)
  const { from, to } = entry
  if (typeof from === 'string' && typeof to === 'string' && from >= to) {
    fail(
      [...path, 'to'],
      `${JSON.stringify(to)} is not after from (${JSON.stringify(from)}); to is the first day without this price`,
    )
  }
  checkKind(entry, path, fail)
}

function checkKind(entry: Readonly<Record<string, unknown>>, path: JsonPath, fail: Fail): void {
  const { alias_of: alias, discount } = entry
  const hasPrices = entry['per_mtok'] !== undefined || entry['per_unit'] !== undefined
  if (discount !== undefined) checkDecimal(discount, [...path, 'discount'], fail)
  if (alias !== undefined) {
    if (typeof alias !== 'string' || !/^[^/]+\/./.test(alias)) {
      fail([...path, 'alias_of'], 'write provider/model, such as "openai/gpt-4o"')
    }
    if (hasPrices) fail([...path, 'alias_of'], 'a model has either an alias or prices of its own; remove one of them')
  } else if (!hasPrices && discount === undefined) {
    fail(path, 'no price; write per_mtok, per_unit, alias_of or discount')
  }
}

// If two prices match equally well, report it instead of choosing one at random.
function refuseTies(prices: readonly CustomPrice[], fail: Fail): void {
  const seen = new Map<string, { readonly index: number; readonly model: string }[]>()
  prices.forEach((price, index) => {
    const pattern = toModelPattern(price.model)
    const rank = [
      toProviderName(price.provider),
      serviceTierOf(price.tier),
      price.from,
      pattern.isExact,
      pattern.weight,
    ]
    const key = JSON.stringify(rank.map((part) => part ?? null))
    const equals = seen.get(key) ?? []
    const tie = equals.find((other) => patternsOverlap(toModelPattern(other.model), pattern))
    if (tie !== undefined) {
      fail(
        ['prices', index],
        `matches as well as prices[${tie.index}] ("${tie.model}"); give one of them a longer model or a different from`,
      )
    }
    seen.set(key, [...equals, { index, model: price.model }])
  })
}
