import { z } from '@hono/zod-openapi'
import { type CallFilter, FILTER_NAMES, type FilterName, type FilterValue, GROUPINGS } from '@spanledger/store'
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
  kind: word(CALL_KINDS),
  status: word(CALL_STATUSES),
  tool: text('Tool name: tool calls only.'),
  usedTool: text('Tool name: every call of a run in which this tool was called.'),
} satisfies { readonly [Name in FilterName]: FilterText }

type Filters = typeof FILTERS
type InQuery<Value> = Value extends z.ZodType<string> ? ReturnType<typeof anyOf<Value>> : never
type InBody<Value> = Value extends z.ZodType<string> ? ReturnType<typeof inBody<Value>> : never
type QueryShape = { readonly [Name in FilterName]: InQuery<Filters[Name]['query']> }
type BodyShape = { readonly [Name in FilterName]: InBody<Filters[Name]['body']> }

/** The filter parameters that all query routes share. */
export const filterShape = {
  ...rangeShape,
  ...(shapeOf(({ about, query }) => anyOf(query, about)) as QueryShape), // one schema per name
}

/** One value, several, or null to match calls where the value is unknown. */
function inBody<Value extends z.ZodType<string>>(value: Value) {
  return z.union([value, z.null(), z.array(value.nullable()).min(1, 'must not be empty').max(MAX_VALUES)]).optional()
}

/** The value filters in a JSON body. */
export const filterBody = shapeOf(({ body }) => inBody(body)) as BodyShape // as above

function shapeOf<Schema>(toSchema: (filter: FilterText) => Schema): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(FILTERS).map(([name, filter]) => [name, toSchema(filter)]))
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
  const values = FILTER_NAMES.flatMap((name) => {
    const value = query[name]
    return value === undefined ? [] : [[name, valueOf(name, [value].flat() as string[])] as const] // strings, by the schema
  })
  return { from: timeOf('from', range), to: timeOf('to', range), tz: range.tz ?? 'UTC', ...Object.fromEntries(values) }
}

/** The grouping parameter. */
export const groupBy = z.enum(GROUPINGS as [string, ...string[]] as [(typeof GROUPINGS)[number]]).openapi({
  description: 'Returns sums for each value of this grouping.',
})

/** Requests a comparison with the previous range. */
export const compare = z.literal('previous').optional().openapi({
  description: 'Adds the same sums for the range of equal length before `from`.',
})

function valueOf(name: string, texts: readonly string[]): FilterValue {
  const values = texts.map((text) => (text === '' ? null : name === 'trace' ? text.toLowerCase() : text))
  return values.length === 1 ? (values[0] ?? null) : values
}
