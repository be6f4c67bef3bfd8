/**
 * Prices in dollars per million tokens, as decimal strings. A missing price means unpriced unless its comment says
 * otherwise.
 */
export interface TokenPrices {
  /** Input not covered by another price; includes images if `input_image` is missing. */
  readonly input?: string
  /** Output not covered by another price; includes reasoning and images if their prices are missing. */
  readonly output?: string
  /** Input read from a cache. If missing: the input price, flagged `cache_at_input_rate`. */
  readonly cache_read?: string
  /** Input written to a cache for about five minutes. If missing: the input price, flagged `cache_at_input_rate`. */
  readonly cache_write?: string
  /** Input written to a cache for an hour. */
  readonly cache_write_1h?: string
  readonly reasoning?: string
  readonly input_audio?: string
  readonly output_audio?: string
  /** Audio read from a cache. If missing: the price of audio input, flagged `cache_at_input_rate`. */
  readonly cache_read_audio?: string
  readonly input_image?: string
  readonly output_image?: string
}

/** Prices in dollars per unit, as decimal strings. At most one of `second`, `minute` and `hour`. */
export interface UnitPrices {
  /** Per call. */
  readonly request?: string
  /** Per web search that the provider made. */
  readonly search?: string
  /** Per generated image. */
  readonly image?: string
  /** Per character of input, as for speech. */
  readonly character?: string
  readonly second?: string
  readonly minute?: string
  readonly hour?: string
}

/** Prices for all tokens of a request whose input exceeds `input_gt`. Missing prices stay as for smaller inputs. */
export interface LongInputPrices {
  readonly input_gt: number
  readonly per_mtok: TokenPrices
}

/** The price of a model. */
export interface Price {
  /**
   * First day of the price, such as `2026-01-31`, in UTC, compared with the start of the call. Missing or null: always.
   */
  readonly from?: string | null
  readonly per_mtok?: TokenPrices
  readonly above?: readonly LongInputPrices[]
  readonly per_unit?: UnitPrices
}

/**
 * A custom price for one model or, with `*`, for several. It has `per_mtok`, `per_unit` or both; or it is an `alias_of`
 * another model; or it is only a `discount` on the list price.
 */
export interface CustomPrice extends Price {
  /** Any spelling that `toProviderName` knows, such as `azure`. */
  readonly provider: string
  /** Model id or pattern. `*` matches any text that does not continue a version: `gpt-5*` does not match `gpt-5.1`. */
  readonly model: string
  /** First day on which the price no longer applies. */
  readonly to?: string | null
  /** Service tier, such as `flex`. If missing: the provider's standard or default tier. */
  readonly tier?: string | null
  /** Priced like this model: `openai/gpt-4o-2024-11-20`. */
  readonly alias_of?: string
  /** Factor for the prices: `0.85` takes 15 % off. */
  readonly discount?: string
}

/** The content of a `prices.json`. */
export interface PriceFile {
  readonly schema: 1
  readonly prices: readonly CustomPrice[]
}

/** Keys of {@link TokenPrices}. */
export const TOKEN_PRICE_NAMES = [
  'input',
  'output',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'reasoning',
  'input_audio',
  'output_audio',
  'cache_read_audio',
  'input_image',
  'output_image',
] as const satisfies readonly (keyof TokenPrices)[]

/** Keys of {@link UnitPrices}. */
export const UNIT_PRICE_NAMES = [
  'request',
  'search',
  'image',
  'character',
  'second',
  'minute',
  'hour',
] as const satisfies readonly (keyof UnitPrices)[]

const decimal = { type: 'string', pattern: '^\\d{1,9}(\\.\\d{1,12})?$' } as const
const day = { type: ['string', 'null'], format: 'date' } as const
const pricesOf = (names: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(names.map((name) => [name, decimal])),
})

/** JSON Schema (2020-12) of a {@link PriceFile}, for editors. `toPriceFile` checks more. */
export const PRICE_FILE_SCHEMA = /* @__PURE__ */ Object.freeze({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Spanledger prices',
  type: 'object',
  required: ['schema', 'prices'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    schema: { const: 1 },
    prices: {
      type: 'array',
      items: {
        type: 'object',
        required: ['provider', 'model'],
        additionalProperties: false,
        properties: {
          provider: { type: 'string', minLength: 1 },
          model: { type: 'string', minLength: 1, description: 'Model id or pattern; * never continues a version.' },
          from: day,
          to: day,
          tier: { type: ['string', 'null'] },
          alias_of: { type: 'string', pattern: '^[^/]+/.+$', description: 'provider/model' },
          per_mtok: pricesOf(TOKEN_PRICE_NAMES),
          above: {
            type: 'array',
            items: {
              type: 'object',
              required: ['input_gt', 'per_mtok'],
              additionalProperties: false,
              properties: { input_gt: { type: 'integer', minimum: 0 }, per_mtok: pricesOf(TOKEN_PRICE_NAMES) },
            },
          },
          per_unit: pricesOf(UNIT_PRICE_NAMES),
          discount: { ...decimal, description: 'Factor on the prices: 0.85 takes 15 % off.' },
        },
      },
    },
  },
})
