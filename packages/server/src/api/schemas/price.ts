import { z } from '@hono/zod-openapi'
import type { CustomPrice } from '@spanledger/core'
import type { CallFilter } from '@spanledger/store'
import { count, nanoUsd } from './number.ts'
import { filterBody, toFilter } from './filter.ts'
import { filterText, name } from './text.ts'
import { strict } from './strict.ts'
import { ABOUT_RANGE, rangeShape, withTimes } from './time-range.ts'

const decimal = z.string().regex(/^\d{1,9}(\.\d{1,12})?$/, 'must be a decimal such as "0.25"')
const day = z.iso.date('must be a day such as 2026-01-31').nullable().optional()

const perMtok = z.strictObject({
  input: decimal.optional(),
  output: decimal.optional(),
  cache_read: decimal.optional(),
  cache_write: decimal.optional(),
  cache_write_1h: decimal.optional(),
  reasoning: decimal.optional(),
  input_audio: decimal.optional(),
  output_audio: decimal.optional(),
  cache_read_audio: decimal.optional(),
  input_image: decimal.optional(),
  output_image: decimal.optional(),
} satisfies { readonly [Name in keyof NonNullable<CustomPrice['per_mtok']>]-?: unknown })

const perUnit = z.strictObject({
  request: decimal.optional(),
  search: decimal.optional(),
  image: decimal.optional(),
  character: decimal.optional(),
  second: decimal.optional(),
  minute: decimal.optional(),
  hour: decimal.optional(),
} satisfies { readonly [Name in keyof NonNullable<CustomPrice['per_unit']>]-?: unknown })

/** A custom price, in the format of prices.json. */
export const customPrice = strict({
  provider: name,
  model: name.openapi({ description: 'Model id or pattern; * does not match the rest of a version number.' }),
  from: day.openapi({ description: 'First day of the price, in UTC.' }),
  to: day.openapi({ description: 'First day after the price, in UTC.' }),
  tier: name.nullable().optional(),
  alias_of: name.optional().openapi({ description: 'provider/model' }),
  per_mtok: perMtok.optional(),
  above: z
    .array(z.strictObject({ input_gt: z.int().min(0), per_mtok: perMtok }))
    .max(20)
    .optional(),
  per_unit: perUnit.optional(),
  discount: decimal.optional(),
}).openapi('CustomPrice')

/** A price with its source. */
export const priceRow = z
  .strictObject({
    source: z.enum(['custom', 'list']),
    provider: z.string(),
    model: z.string(),
    price: z.record(z.string(), z.unknown()),
  })
  .openapi('PriceRow')

/** GET /api/prices. */
export const priceList = z
  .strictObject({
    data: z.array(priceRow),
    next: z.string().nullable(),
    list: z.strictObject({ source: z.string(), version: z.string(), generated: z.string(), sha256: z.string() }),
  })
  .openapi('PriceList')

/** DELETE /api/prices: the custom prices to delete. */
export const priceKey = strict({
  provider: name,
  model: name,
  tier: filterText
    .optional()
    .openapi({ description: 'Only prices of this service tier; empty: of the standard tier.' }),
  from: z
    .union([z.literal(''), z.iso.date()])
    .optional()
    .openapi({ description: 'Only prices that start on this day; empty: prices without a start.' }),
})

export const removedPrices = z.strictObject({ removed: z.array(customPrice) }).openapi('RemovedPrices')

const instant = z
  .union([z.string().max(40), z.int().min(0)])
  .transform(String)
  .optional()

const repriceRange = {
  from: instant.openapi({ description: ABOUT_RANGE.from }),
  to: instant.openapi({ description: ABOUT_RANGE.to }),
  tz: rangeShape.tz,
}
const repriceFilter = withTimes(strict({ ...filterBody, ...repriceRange }))

/** POST /api/prices/reprice. */
export const repriceBody = strict({
  filter: repriceFilter.optional(),
  write: z.boolean().optional().openapi({ description: 'Store the new costs; without it they are only computed.' }),
}).openapi('RepriceBody')

/** Converts the filter of a body, with the names of the query string and null for unknown values. */
export function toRepriceFilter({ from, to, tz, ...values }: z.infer<typeof repriceFilter>): CallFilter {
  return { ...toFilter({ from, to, tz }), ...values }
}

const change = { calls: count, changed: count, beforeNanoUsd: nanoUsd, afterNanoUsd: nanoUsd }

/** The changes that re-pricing makes or would make. */
export const repriceAnswer = z
  .strictObject({
    write: z.boolean(),
    ...change,
    byModel: z.array(z.strictObject({ provider: z.string().nullable(), model: z.string().nullable(), ...change })),
  })
  .openapi('Reprice')

export type PriceRow = z.infer<typeof priceRow>
export type PriceListAnswer = z.infer<typeof priceList>
export type RepriceAnswer = z.infer<typeof repriceAnswer>
