import type { Json } from './json.ts'

/**
 * A JSON value stored as an attribute without serializing it, for conversions that only `toCall` reads. Only this file
 * creates it, so the value always equals what its text would parse to.
 */
export class JsonValue {
  readonly json: Json
  constructor(json: Json) {
    this.json = json
  }
}

// A character takes up to six in JSON. A value that this bound cannot prove short is serialized and measured.
const LONGEST_CHARACTER = 6
const PUNCTUATION = 4
const LONGEST_NUMBER = 24
const DEEPEST = 32

/** Wraps a value that survives JSON unchanged and whose text is at most `maxLength` characters. */
export function jsonValueOf(value: unknown, maxLength: number): JsonValue | undefined {
  return longestTextOf(value, 0) <= maxLength ? new JsonValue(value as Json) : undefined // `longestTextOf` is finite only for JSON
}

/** Upper bound for the length as JSON; infinite for values that JSON would change and for deeply nested ones. */
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
