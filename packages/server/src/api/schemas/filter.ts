import { z } from '@hono/zod-openapi'
import { isTimeZone, parseTimeText } from '@spanledger/core/time'
import { type CallFilter, FILTER_NAMES, type FilterName, type FilterValue, GROUPINGS } from '@spanledger/store'
import { CALL_KINDS, CALL_STATUSES } from './call.ts'
import { strict } from './strict.ts'
import { filterText, name } from './text.ts'

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
const word = <const Words extends readonly [string, ...string[]]>(words: Words) => ({
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

const timeText = z.string().max(40).openapi({
  description: 'ISO 8601 (in `tz` where it has no offset) or epoch milliseconds.',
  example: '2026-11-01T00:00:00Z',
})

/** The filter vocabulary of every route that asks. */
export const filterShape = {
  from: timeText.optional(),
  to: timeText.optional(),
  tz: z
    .string()
    .max(100)
    .refine(isTimeZone, 'must be an IANA time zone')
    .optional()
    .openapi({ description: 'IANA time zone of days and buckets; UTC if not given.', example: 'Europe/Berlin' }),
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

/** A query string whose `from` and `to` are checked as times of its `tz`. */
export function withTimes<Query extends z.ZodObject>(query: Query): Query {
  return query.superRefine((given, context) => {
    const { from, to, tz } = given as { readonly from?: string; readonly to?: string; readonly tz?: string } // by the schema
    const zone = tz ?? 'UTC'
    const times = { from: timeOf('from', from, zone, context), to: timeOf('to', to, zone, context) }
    if (times.from === undefined || times.to === undefined || times.from < times.to) return
    context.addIssue({
      code: 'custom',
      path: ['to'],
      message: 'must be after from',
      params: { hint: 'Swap them or widen the range' },
    })
  })
}

/** The filter that a checked query string means. */
export function toFilter(query: Readonly<Record<string, unknown>>): CallFilter & { readonly tz: string } {
  const tz = typeof query['tz'] === 'string' ? query['tz'] : 'UTC'
  const timeOfText = (text: unknown): number | undefined =>
    typeof text === 'string' ? parseTimeText(text, { edge: 'start', timeZone: tz }) : undefined
  const values = FILTER_NAMES.flatMap((name) => {
    const value = query[name]
    return value === undefined ? [] : [[name, valueOf(name, [value].flat() as string[])] as const] // texts, by the schema
  })
  return { from: timeOfText(query['from']), to: timeOfText(query['to']), tz, ...Object.fromEntries(values) }
}

/** What to group by. */
export const groupBy = z.enum(GROUPINGS as [string, ...string[]] as [(typeof GROUPINGS)[number]]).openapi({
  description: 'Calls are added up for each value of it.',
})

/** Whether the range before this one is wanted too. */
export const compare = z.literal('previous').optional().openapi({
  description: 'Adds the same for the time of equal length before `from`.',
})

function timeOf(
  name: string,
  text: string | undefined,
  timeZone: string,
  context: z.RefinementCtx,
): number | undefined {
  if (text === undefined || !isTimeZone(timeZone)) return undefined
  const time = parseTimeText(text, { edge: 'start', timeZone })
  if (time === undefined)
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'must be a time',
      params: { hint: 'Use ISO 8601, such as 2026-11-01 or 2026-11-01T08:00:00Z, or epoch milliseconds' },
    })
  return time
}

function valueOf(name: string, texts: readonly string[]): FilterValue {
  const values = texts.map((text) => (text === '' ? null : name === 'trace' ? text.toLowerCase() : text))
  return values.length === 1 ? (values[0] ?? null) : values
}
