import type { Json, JsonObject } from '../json/json.ts'

/** What one column of a call takes; `undefined` from `parse` means that the value does not fit. */
export interface ColumnRule<Value> {
  parse(value: unknown): Value | undefined
  /** What would fit, as the end of "expected …". */
  readonly expected: string
}

/** What the values of a column are. A reader that has its own form for each, such as a schema, is written by these. */
export type ColumnForm =
  | 'id'
  | 'text'
  | 'word'
  | 'flag'
  | 'count'
  | 'tokens'
  | 'money'
  | 'time'
  | 'duration'
  | 'texts'
  | 'object'
  | 'json'

/** The type of a column. */
export interface ColumnType<Value> extends ColumnRule<Value> {
  readonly form: ColumnForm
  readonly isNullable: boolean
  /** A database keeps it as JSON text. */
  readonly isJson: boolean
  /** All values, where the type is a choice of words. */
  readonly words: readonly string[] | undefined
}

const MAX_DATE = 8_640_000_000_000_000
const JSON_FORMS: ReadonlySet<ColumnForm> = new Set<ColumnForm>(['texts', 'object', 'json'])

/** The id of a trace, in lower case. */
export const TRACE_ID = typeOf('id', idOf(32), '32 hex characters, not all zero')
/** The id of a span, in lower case. */
export const SPAN_ID = typeOf('id', idOf(16), '16 hex characters, not all zero')
/** Any text. */
export const TEXT = typeOf('text', textOf, 'a string')
/** Yes or no, as 1 or 0. */
export const FLAG = typeOf('flag', flagOf, '0 or 1')
/** A number of something, or a code such as an HTTP status. */
export const COUNT = typeOf('count', countOf, 'a non-negative integer')
/** A number of tokens. */
export const TOKENS = typeOf('tokens', countOf, 'a non-negative integer')
/** An amount of money in integer nano-USD. */
export const MONEY = typeOf('money', countOf, 'a non-negative integer')
/** A time in epoch milliseconds. */
export const TIME = typeOf('time', timeOf, 'epoch milliseconds')
/** A duration in milliseconds, fractions included. */
export const DURATION = typeOf('duration', durationOf, 'non-negative milliseconds')
/** A list of texts. */
export const TEXTS = typeOf('texts', textsOf, 'an array of strings')
/** A JSON object. */
export const OBJECT = typeOf('object', objectOf, 'an object')
/** Any JSON value but null. */
export const JSON_VALUE = typeOf('json', jsonOf, 'a JSON value')

/** A type that takes these words only. */
export function oneOf<Value extends string>(words: readonly Value[]): ColumnType<Value> {
  const known = new Map<unknown, Value>(words.map((word) => [word, word]))
  return { ...typeOf('word', (value) => known.get(value), `one of ${words.join(', ')}`), words }
}

/** The same type for a column that may be NULL. */
export function orNull<Value>(type: ColumnType<Value>): ColumnType<Value | null> {
  return {
    ...type,
    parse: (value) => (value === null || value === undefined ? null : type.parse(value)),
    expected: `${type.expected} or null`,
    isNullable: true,
  }
}

/** Describes what does not fit, such as `input_tokens is "abc"; expected a non-negative integer or null`. */
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

function typeOf<Value>(
  form: ColumnForm,
  parse: (value: unknown) => Value | undefined,
  expected: string,
): ColumnType<Value> {
  return { parse, expected, form, isNullable: false, isJson: JSON_FORMS.has(form), words: undefined }
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
  // The caller promises that an object holds only JSON. If JSON.stringify refuses it, writing it fails.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

function jsonOf(value: unknown): Json | undefined {
  // As above: depth and leaves are checked by JSON.stringify.
  return ['string', 'number', 'boolean', 'object'].includes(typeof value) ? (value as Json) : undefined
}
