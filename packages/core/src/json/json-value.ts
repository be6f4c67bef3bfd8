import type { Json } from './json.ts'

/**
 * A JSON value among attributes that is no text: for conversions whose only reader is `toCall`, which would parse the
 * text at once. Made here alone, so a value of this class is what its text would say.
 */
export class JsonValue {
  readonly json: Json
  constructor(json: Json) {
    this.json = json
  }
}

// A character takes up to six in JSON; what cannot be told to be short by that is written and measured.
const LONGEST_CHARACTER = 6
const PUNCTUATION = 4
const LONGEST_NUMBER = 24
const DEEPEST = 32

/** The value, if it comes out of JSON as it goes in and its text is shorter than so many characters. */
export function jsonValueOf(value: unknown, maxLength: number): JsonValue | undefined {
  return longestTextOf(value, 0) <= maxLength ? new JsonValue(value as Json) : undefined // the measure takes only JSON
}

/** As long as its JSON can be; infinite for what JSON would change, and for what is deeper than any message. */
function longestTextOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length * LONGEST_CHARACTER + PUNCTUATION
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? LONGEST_NUMBER : Infinity
  if (typeof value === 'boolean' || value === null) return LONGEST_NUMBER
  if (typeof value !== 'object' || depth >= DEEPEST) return Infinity
  return Array.isArray(value) ? lengthOfArray(value, depth) : lengthOfObject(value, depth)
}

function lengthOfArray(values: readonly unknown[], depth: number): number {
  let length = PUNCTUATION
  for (const value of values) length += longestTextOf(value, depth + 1)
  return length
}

function lengthOfObject(object: object, depth: number): number {
  if (Object.getPrototypeOf(object) !== Object.prototype) return Infinity
  let length = PUNCTUATION
  for (const key in object) {
    length += key.length * LONGEST_CHARACTER + PUNCTUATION
    length += longestTextOf((object as Readonly<Record<string, unknown>>)[key], depth + 1)
  }
  return length
}
