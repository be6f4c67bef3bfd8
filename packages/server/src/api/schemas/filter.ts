import { z } from '@hono/zod-openapi'
import {
  type CallFilter,
  FILTER_NAMES,
  type FilterName,
  type FilterValue,
  GROUPINGS,
  type NumberRange,
  RANGE_NAMES,
  type RangeName,
  type ValueFilter,
} from '@spanledger/store'
import { CALL_KINDS, CALL_STATUSES } from '@spanledger/core'
import { strict } from './strict.ts'
import { filterText, name } from './text.ts'
import { rangeShape, type RangeText, timeOf, withTimes } from './time-range.ts'

// Nobody types more values, and a statement accepts a limited number of parameters.
const MAX_VALUES = 100

/** One value, or several to match any of them; an empty value matches calls where the value is unknown. */
function anyOf<Value extends z.ZodType<string>>(value: Value, description: string) {
  return z
    .union([value, z.array(value).max(MAX_VALUES, `must have at most ${MAX_VALUES} values`)])
    .optional()
    .openapi({
      type: 'array',
      items: { type: 'string' },
      description: `${description} Repeat it to match any of several; empty: unknown.`,
    })
}

interface FilterText {
  readonly about: string
  /** A value in a query string; empty matches calls where the value is unknown. */
  readonly query: z.ZodType<string>
  /** A value in a body. */
  readonly body: z.ZodType<string>
}

const text = (about: string) => ({ about, query: filterText, body: name })
const word = <const Words extends readonly string[]>(words: Words) => ({
  about: `One of ${words.join(', ')}.`,
  query: z.enum(['', ...words]),
  body: z.enum(words),
})

/** As a kind: calls of every kind, also in files that hold only billable calls by default. */
const ALL_KINDS = 'all'

// All filters of the store, in the order of the documentation.
const FILTERS = {
  model: text('Model that answered; of a call without an answer, the one that answers its requested model.'),
  requestedModel: text('Model that was asked for.'),
  provider: text('GenAI provider name, such as openai.'),
  operation: text('Operation, such as summarize.'),
  callType: text('Call type, such as CHAT or EMBEDDINGS.'),
  project: text('Project id.'),
  user: text('User id.'),
  session: text('Session id.'),
  company: text('Company id.'),
  task: text('Task id.'),
  trace: text('Trace id.'),
  tag: text('Tag of the call.'),
  service: text('Service name.'),
  environment: text('Deployment environment.'),
  kind: {
    ...word(CALL_KINDS),
    about: `One of ${CALL_KINDS.join(', ')}, or ${ALL_KINDS}.`,
    query: z.enum(['', ALL_KINDS, ...CALL_KINDS]),
  },
  status: word(CALL_STATUSES),
  tool: text('Tool name: tool calls only.'),
  usedTool: text('Tool name: every call of a run in which this tool was called.'),
} satisfies { readonly [Name in FilterName]: FilterText }

interface RangeParameter {
  readonly about: string
  /** Converts a value into the unit of the column. */
  toUnit(value: number): number
}

const RANGES: { readonly [Name in RangeName]: RangeParameter } = {
  duration: { about: 'Duration in milliseconds', toUnit: (ms) => ms },
  cost: { about: 'Cost in USD', toUnit: (usd) => Math.round(usd * 1e9) },
  tokens: { about: 'Total tokens', toUnit: (tokens) => tokens },
}

type Filters = typeof FILTERS
type InQuery<Value> = Value extends z.ZodType<string> ? ReturnType<typeof anyOf<Value>> : never
type InBody<Value> = Value extends z.ZodType<string> ? ReturnType<typeof inBody<Value>> : never
type QueryShape = { readonly [Name in FilterName]: InQuery<Filters[Name]['query']> }
type BodyShape = { readonly [Name in FilterName]: InBody<Filters[Name]['body']> }

type ExceptShape = { readonly [Name in FilterName as `not${Capitalize<Name>}`]: InQuery<Filters[Name]['query']> }
type RangeShape = { readonly [Name in RangeName as `${'min' | 'max'}${Capitalize<Name>}`]: typeof atLeast0 }

const atLeast0 = z.coerce.number().min(0, 'must be 0 or more').optional()

const metadata = z
  .union([metadataText(), z.array(metadataText()).max(MAX_VALUES, `must have at most ${MAX_VALUES} values`)])
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string' },
    description:
      'Metadata of the call as `key=value`; `key=` is calls without the key. Repeat it: the same key matches any of its values, different keys must all match.',
    example: ['tier=gold'],
  })

/** The filter parameters that all query routes share. */
export const filterShape = {
  ...rangeShape,
  ...(shapeOf(({ about, query }) => anyOf(query, about)) as QueryShape), // one schema per name
  ...(shapeOf(
    ({ query }, name) => anyOf(query, `Leaves out calls that \`${name}\` would match.`),
    'not',
  ) as ExceptShape),
  ...(Object.fromEntries(RANGE_NAMES.flatMap(rangeParameters)) as RangeShape), // as above
  metadata,
}

function rangeParameters(name: RangeName) {
  const { about } = RANGES[name]
  return [
    [
      withPrefix('min', name),
      atLeast0.openapi({ description: `${about}, at least. A call whose number is unknown does not match.` }),
    ],
    [
      withPrefix('max', name),
      atLeast0.openapi({ description: `${about}, at most. A call whose number is unknown does not match.` }),
    ],
  ] as const
}

function metadataText() {
  return filterText.refine((text) => text.indexOf('=') > 0, 'must be key=value')
}

function withPrefix(prefix: string, name: string): string {
  return `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`
}

/** One value, several, or null to match calls where the value is unknown. */
function inBody<Value extends z.ZodType<string>>(value: Value) {
  return z.union([value, z.null(), z.array(value.nullable()).min(1, 'must not be empty').max(MAX_VALUES)]).optional()
}

/** The value filters in a JSON body. */
export const filterBody = shapeOf(({ body }) => inBody(body)) as BodyShape // as above

function shapeOf<Schema>(
  toSchema: (filter: FilterText, name: string) => Schema,
  prefix = '',
): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(FILTERS).map(([name, filter]) => [
      prefix === '' ? name : withPrefix(prefix, name),
      toSchema(filter, name),
    ]),
  )
}

/** The valid filter parameters of a query string. */
export type FilterQuery = z.infer<z.ZodObject<typeof filterShape>>

/** The valid value filters of a body. */
export type FilterBody = z.infer<z.ZodObject<typeof filterBody>>

export type { FilterName }

/** Builds the query schema of a route: the filter parameters plus its own. Refuses every other name. */
export function filterQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return withTimes(strict({ ...filterShape, ...shape }))
}

/** Converts a valid query string into a filter. */
export function toFilter(query: Readonly<Record<string, unknown>>): CallFilter & { readonly tz: string } {
  const range: RangeText = query // by the schema
  return {
    from: timeOf('from', range),
    to: timeOf('to', range),
    tz: range.tz ?? 'UTC',
    ...valuesOf(query, (name) => name),
    ...orNothing(
      'except',
      valuesOf(query, (name) => withPrefix('not', name)),
    ),
    ...Object.fromEntries(RANGE_NAMES.flatMap((name) => rangeOf(query, name))),
    ...orNothing('metadata', metadataOf(query['metadata'] as string | readonly string[] | undefined)), // by the schema
  }
}

function valuesOf(query: Readonly<Record<string, unknown>>, parameter: (name: FilterName) => string): ValueFilter {
  const values = FILTER_NAMES.flatMap((name) => {
    const value = query[parameter(name)]
    const isUnset = value === undefined || (name === 'kind' && [value].flat().includes(ALL_KINDS))
    return isUnset ? [] : [[name, valueOf(name, [value].flat() as string[])] as const] // strings, by the schema
  })
  return Object.fromEntries(values)
}

function rangeOf(query: Readonly<Record<string, unknown>>, name: RangeName): [RangeName, NumberRange][] {
  const [from, to] = ['min', 'max'].map((end) => {
    const value = query[withPrefix(end, name)] as number | undefined // by the schema
    return value === undefined ? undefined : RANGES[name].toUnit(value)
  })
  return from === undefined && to === undefined ? [] : [[name, { from, to }]]
}

function metadataOf(given: string | readonly string[] = []): NonNullable<CallFilter['metadata']> {
  const values = new Map<string, (string | null)[]>()
  for (const text of [given].flat()) {
    const sign = text.indexOf('=')
    const [key, value] = [text.slice(0, sign), text.slice(sign + 1)]
    values.set(key, [...(values.get(key) ?? []), value === '' ? null : value])
  }
  return Object.fromEntries(values)
}

// A part without conditions is left out, so that sums need not be read from calls.
function orNothing<Name extends string, Part extends object>(
  name: Name,
  part: Part,
): { readonly [Key in Name]?: Part } {
  return Object.keys(part).length === 0 ? {} : ({ [name]: part } as { readonly [Key in Name]?: Part }) // that key alone
}

/** The grouping parameter. */
export const groupBy = z.enum(GROUPINGS as [string, ...string[]] as [(typeof GROUPINGS)[number]]).openapi({
  description:
    'Returns sums for each value of this grouping. By tag or tool, a call counts under each tag, or each tool that it asked for.',
})

/** The format of a table. */
export const tableFormat = z.enum(['json', 'csv']).optional().openapi({
  description: 'csv returns the table as a file, with ISO times and dollars beside nano-dollars.',
})

/** Requests a comparison with the previous range. */
export const compare = z.literal('previous').optional().openapi({
  description: 'Adds the same sums for the range of equal length before `from`.',
})

function valueOf(name: string, texts: readonly string[]): FilterValue {
  const values = texts.map((text) => (text === '' ? null : name === 'trace' ? text.toLowerCase() : text))
  return values.length === 1 ? (values[0] ?? null) : values
}
