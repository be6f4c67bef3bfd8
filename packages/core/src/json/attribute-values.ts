import type { Json, JsonObject } from './json.ts'
import { JsonValue } from './json-value.ts'
import { toJson } from './to-json.ts'

/** Attributes of a span as read: a value may have any type. */
export type Attributes = Readonly<Record<string, unknown>>

// -0 + 0 is 0. JSON has no -0, and a row must be the same in a file and in memory.
const POSITIVE_ZERO = 0

/** A non-empty string, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A finite number, or undefined. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value + POSITIVE_ZERO : undefined
}

/** A token count: an integer from 0 to 2^53-1; undefined for NaN, fractions, negatives and strings. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + POSITIVE_ZERO : undefined
}

/** An HTTP status, or undefined. */
export function httpStatusOf(value: unknown): number | undefined {
  const status = countOf(value)
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined
}

/** The non-empty strings of an array; undefined for anything else, or if there are none. */
export function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const texts = value.filter((item) => typeof item === 'string' && item !== '')
  return texts.length > 0 ? texts : undefined
}

/**
 * Parses a JSON string; undefined if it is invalid or longer than any prompt with pictures. The result is plain JSON
 * that is safe for `JSON.stringify` and recursion: structured values, which OTLP allows, are copied, and deep nesting
 * is cut.
 */
export function jsonOf(value: unknown): Json | undefined {
  if (typeof value === 'object' && value !== null) return value instanceof JsonValue ? value.json : toJson(value)
  if (typeof value !== 'string' || value.length > LONGEST_JSON) return undefined
  try {
    const json = JSON.parse(value) as Json
    // Each level takes two characters, so short texts need no check.
    return value.length > DEEPEST * 2 && isDeeperThan(json, DEEPEST) ? toJson(json) : json
  } catch {
    return undefined
  }
}

const LONGEST_JSON = 16 * 1024 * 1024
const DEEPEST = 200

function isDeeperThan(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((element: Json) => isDeeperThan(element, levels - 1))
  // Every long prompt is walked here, so its keys are not listed first.
  const members = value as JsonObject // arrays returned above
  for (const key in members) if (isDeeperThan(members[key], levels - 1)) return true
  return false
}

/** Parses a JSON string that holds an object; undefined for anything else. */
export function objectOf(value: unknown): JsonObject | undefined {
  const json = jsonOf(value)
  return isObject(json) ? json : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
