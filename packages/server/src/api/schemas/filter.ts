import { z } from '@hono/zod-openapi'
import { type CallFilter, FILTER_NAMES, type FilterName, type FilterValue, GROUPINGS } from '@spanledger/store'
import { CALL_KINDS, CALL_STATUSES } from '@spanledger/core'
import { strict } from './strict.ts'
import { filterText, name } from './text.ts'
import { rangeShape, type RangeText, timeOf, withTimes } from './time-range.ts'

// More values than this are no filter that anybody typed, and a statement takes only so many parameters.
const MAX_VALUES = 100

/** One value or several of which any will do; an empty one asks for calls where it is unknown. */
function anyOf<Value extends z.ZodType<string>>(value: Value, description: string) {
  return z
    .union([value, z.array(value).max(MAX_VALUES, `must have at most ${MAX_VALUES} values`)])
    .optional()
    .openapi({
      type: 'array',
      items: { type: 'string' },
      description: `${description} Repeat it for several; empty: unknown.`,
    })
}

interface FilterText {
  readonly about: string
  /** A value in a query string; empty asks for calls where it is unknown. */
  readonly query: z.ZodType<string>
  /** A value in a body. */
  readonly body: z.ZodType<string>
}

const text = (about: string) => ({ about, query: filterText, body: name })
const word = <const Words extends readonly string[]>(words: Words) => ({
  about: `${words.join(', ')}.`,
  query: z.enum(['', ...words]),
  body: z.enum(words),
})

// Every filter of the store, in the order of the documentation.
const FILTERS = {
  model: text('Model that answered.'),
  provider: text('GenAI provider name, such as openai.'),
  operation: text('What the call was for.'),
  callType: text('CHAT, EMBEDDINGS …'),
  project: text('Project id.'),
  user: text('User id.'),
  session: text('Session id.'),
  company: text('Company id.'),
  task: text('Task id.'),
  trace: text('Trace id.'),
  tag: text('One of the tags.'),
  service: text('Service name.'),
  environment: text('Deployment environment.'),
  kind: word(CALL_KINDS),
  status: word(CALL_STATUSES),
  tool: text('Tool name.'),
} satisfies { readonly [Name in FilterName]: FilterText }

type Filters = typeof FILTERS
type InQuery<Value> = Value extends z.ZodType<string> ? ReturnType<typeof anyOf<Value>> : never
type InBody<Value> = Value extends z.ZodType<string> ? ReturnType<typeof inBody<Value>> : never
type QueryShape = { readonly [Name in FilterName]: InQuery<Filters[Name]['query']> }
type BodyShape = { readonly [Name in FilterName]: InBody<Filters[Name]['body']> }

/** The filter vocabulary of every route that asks. */
export const filterShape = {
  ...rangeShape,
  ...(shapeOf(({ about, query }) => anyOf(query, about)) as QueryShape), // each made of its own schema
}

/** One value, several, or null for calls where it is unknown. */
function inBody<Value extends z.ZodType<string>>(value: Value) {
  return z.union([value, z.null(), z.array(value.nullable()).min(1, 'must not be empty').max(MAX_VALUES)]).optional()
}

/** The same names in a JSON body, without time. */
export const filterBody = shapeOf(({ body }) => inBody(body)) as BodyShape // as above

function shapeOf<Schema>(toSchema: (filter: FilterText) => Schema): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(FILTERS).map(([name, filter]) => [name, toSchema(filter)]))
}

/** What a query string holds that was found right, parameter by parameter. */
export type FilterQuery = z.infer<z.ZodObject<typeof filterShape>>

/** The same of a body, without time. */
export type FilterBody = z.infer<z.ZodObject<typeof filterBody>>

/** A filter by value, by its name in a query string and in a body. */
export type { FilterName }

/** A query string of the filter vocabulary and these parameters of a route; every other name is refused. */
export function filterQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return withTimes(strict({ ...filterShape, ...shape }))
}

/** The filter that a checked query string means. */
export function toFilter(query: Readonly<Record<string, unknown>>): CallFilter & { readonly tz: string } {
  const range: RangeText = query // by the schema
  const values = FILTER_NAMES.flatMap((name) => {
    const value = query[name]
    return value === undefined ? [] : [[name, valueOf(name, [value].flat() as string[])] as const] // texts, by the schema
  })
  return { from: timeOf('from', range), to: timeOf('to', range), tz: range.tz ?? 'UTC', ...Object.fromEntries(values) }
}

/** What to group by. */
export const groupBy = z.enum(GROUPINGS as [string, ...string[]] as [(typeof GROUPINGS)[number]]).openapi({
  description: 'Calls are added up for each value of it.',
})

/** Whether the range before this one is wanted too. */
export const compare = z.literal('previous').optional().openapi({
  description: 'Adds the same for the time of equal length before `from`.',
})

function valueOf(name: string, texts: readonly string[]): FilterValue {
  const values = texts.map((text) => (text === '' ? null : name === 'trace' ? text.toLowerCase() : text))
  return values.length === 1 ? (values[0] ?? null) : values
}
