import type { Call, CallContent } from './call.ts'
import type { Json, JsonObject } from '../json/json.ts'

/** What one column of a call takes; `undefined` from `parse` means that the value does not fit. */
export interface ColumnRule<Value> {
  parse(value: unknown): Value | undefined
  /** What would fit, as the end of "expected …". */
  readonly expected: string
}

/** The columns of table `calls` that a call itself knows; the log columns are the store's. */
export type CallColumn = Exclude<keyof Call, 'content'>

/** A call without what was said. */
export type CallColumns = Pick<Call, CallColumn>

const MAX_DATE = 8_640_000_000_000_000

const TRACE_ID = { parse: idOf(32), expected: '32 hex characters, not all zero' }
const SPAN_ID = { parse: idOf(16), expected: '16 hex characters, not all zero' }
const TEXT = { parse: textOf, expected: 'a string' }
const COUNT = { parse: countOf, expected: 'a non-negative integer' }
const TIME = { parse: timeOf, expected: 'epoch milliseconds' }
const DURATION = { parse: durationOf, expected: 'non-negative milliseconds' }
const FLAG = { parse: flagOf, expected: '0 or 1' }
const TEXTS = { parse: textsOf, expected: 'an array of strings' }
const OBJECT = { parse: objectOf, expected: 'an object' }
const JSON_VALUE: ColumnRule<Json> = { parse: jsonOf, expected: 'a JSON value' }

/** Every column of a call in the order of the table, with what it takes. */
export const CALL_COLUMNS: { readonly [Column in CallColumn]: ColumnRule<Call[Column]> } = {
  trace_id: TRACE_ID,
  span_id: SPAN_ID,
  parent_span_id: orNull(SPAN_ID),
  run_id: SPAN_ID,

  // A step folds into its run and never becomes a row.
  kind: oneOf([
    'run',
    'model',
    'embedding',
    'rerank',
    'tool',
    'image',
    'speech',
    'transcription',
    'retrieval',
    'operation',
  ]),
  billable: FLAG,
  operation: orNull(TEXT),
  call_type: orNull(TEXT),
  name: orNull(TEXT),
  request_id: orNull(TEXT),
  sdk: orNull(TEXT),
  sdk_version: orNull(TEXT),
  converter_version: orNull(TEXT),
  service_name: orNull(TEXT),
  environment: orNull(TEXT),

  project_id: orNull(TEXT),
  user_id: orNull(TEXT),
  session_id: orNull(TEXT),
  company_id: orNull(TEXT),
  task_id: orNull(TEXT),
  tags: orNull(TEXTS),
  metadata: orNull(OBJECT),

  provider: orNull(TEXT),
  raw_provider: orNull(TEXT),
  model: orNull(TEXT),
  request_model: orNull(TEXT),
  response_id: orNull(TEXT),
  finish_reason: orNull(TEXT),
  streaming: orNull(FLAG),
  request: orNull(OBJECT),
  response_metadata: orNull(OBJECT),

  input_tokens: orNull(COUNT),
  output_tokens: orNull(COUNT),
  total_tokens: orNull(COUNT),
  cache_read_tokens: orNull(COUNT),
  cache_write_tokens: orNull(COUNT),
  reasoning_tokens: orNull(COUNT),
  usage_details: orNull(OBJECT),
  service_tier: orNull(TEXT),
  usage_source: oneOf(['span', 'provider_metadata', 'observed', 'reported', 'none']),

  cost_nano_usd: orNull(COUNT),
  cost_source: orNull(oneOf(['provider', 'custom', 'list', 'reported'])),
  cost_flags: orNull(TEXTS),
  cost_reason: orNull(TEXT),
  price_version: orNull(TEXT),
  previous_cost_nano_usd: orNull(COUNT),
  repriced_at: orNull(TIME),

  started_at: TIME,
  ended_at: orNull(TIME),
  duration_ms: orNull(DURATION),
  time_to_first_token_ms: orNull(DURATION),

  tool_name: orNull(TEXT),
  tool_call_id: orNull(TEXT),
  tool_type: orNull(TEXT),

  status: oneOf(['ok', 'error', 'aborted', 'abandoned', 'crashed', 'open']),
  error_type: orNull(TEXT),
  error_message: orNull(TEXT),
  http_status: orNull(COUNT),
}

/** Every part of what was said, with what it takes. */
export const CONTENT_COLUMNS: { readonly [Column in keyof CallContent]: ColumnRule<CallContent[Column]> } = {
  question: orNull(TEXT),
  system_prompt: orNull(TEXT),
  input_messages: orNull(JSON_VALUE),
  output_messages: orNull(JSON_VALUE),
  answer: orNull(TEXT),
  tool_definitions: orNull(JSON_VALUE),
  tool_arguments: orNull(JSON_VALUE),
  tool_result: orNull(JSON_VALUE),
  lengths: orNull(OBJECT),
}

/** Says what does not fit, such as `input_tokens is "abc"; expected a non-negative integer or null`. */
export function misfit(column: string, value: unknown, expected: string): string {
  return `${column} is ${shown(value)}; expected ${expected}`
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40).toWellFormed()}…` : value)
  if (value === null || ['number', 'bigint', 'boolean'].includes(typeof value)) return `${value as number}` // a plain value
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`
}

function orNull<Value>(rule: ColumnRule<Value>): ColumnRule<Value | null> {
  return {
    parse: (value) => (value === null || value === undefined ? null : rule.parse(value)),
    expected: `${rule.expected} or null`,
  }
}

function oneOf<Value extends string>(values: readonly Value[]): ColumnRule<Value> {
  const known = new Map<unknown, Value>(values.map((value) => [value, value]))
  return { parse: (value) => known.get(value), expected: `one of ${values.join(', ')}` }
}

function idOf(length: number): (value: unknown) => string | undefined {
  const none = '0'.repeat(length)
  return (value) => {
    if (typeof value !== 'string' || value.length !== length) return undefined
    const id = isLowerHex(value) ? value : value.toLowerCase()
    return id !== none && isLowerHex(id) ? id : undefined
  }
}

// A regular expression takes five times as long, and each call has four ids.
function isLowerHex(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 48 || (code > 57 && code < 97) || code > 102) return false // other than 0-9 and a-f
  }
  return true
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

function timeOf(value: unknown): number | undefined {
  const time = countOf(value)
  return time !== undefined && time <= MAX_DATE ? time : undefined
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function flagOf(value: unknown): 0 | 1 | undefined {
  return value === 0 || value === 1 ? value : undefined
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item): item is string => typeof item === 'string') ? value : undefined
}

function objectOf(value: unknown): JsonObject | undefined {
  // Whoever hands over an object promises JSON in it; what JSON.stringify refuses is refused where it is written.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

function jsonOf(value: unknown): Json | undefined {
  // As above: depth and leaves are checked by JSON.stringify.
  return ['string', 'number', 'boolean', 'object'].includes(typeof value) ? (value as Json) : undefined
}
