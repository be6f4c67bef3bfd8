import type { Json, JsonObject } from './json.ts'
import { JsonValue } from './json-value.ts'
import { toJson } from './to-json.ts'

/** Attributes of a span, as read: any value may be there. */
export type Attributes = Readonly<Record<string, unknown>>

// -0 + 0 is 0: JSON knows no -0, and a row must be the same in a file and in memory.
const MINUS_ZERO_AWAY = 0

/** A non-empty string, or nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A finite number, or nothing. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value + MINUS_ZERO_AWAY : undefined
}

/** A token count: an integer from 0 to 2^53-1, or nothing. NaN, fractions, negatives and strings are nothing. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + MINUS_ZERO_AWAY : undefined
}

/** An HTTP status, or nothing. */
export function httpStatusOf(value: unknown): number | undefined {
  const status = countOf(value)
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined
}

/** The strings of an array of strings; nothing for anything else or an empty one. */
export function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const texts = value.filter((item) => typeof item === 'string' && item !== '')
  return texts.length > 0 ? texts : undefined
}

/**
 * The value behind a JSON string; nothing when it is no JSON, or longer than any prompt with pictures in it. What comes
 * back is plain JSON that `JSON.stringify` and recursion can take: structured values, as OTLP allows them, are copied,
 * and what is nested too deep is cut.
 */
export function jsonOf(value: unknown): Json | undefined {
  if (typeof value === 'object' && value !== null) return value instanceof JsonValue ? value.json : toJson(value)
  if (typeof value !== 'string' || value.length > LONGEST_JSON) return undefined
  try {
    const json = JSON.parse(value) as Json
    // Nesting takes two characters a level, so that short texts need no look.
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
  // Every prompt of some length is walked here, so without a list of its members.
  const members = value as JsonObject // no array any more
  for (const key in members) if (isDeeperThan(members[key], levels - 1)) return true
  return false
}

/** The object behind a JSON string, or nothing. */
export function objectOf(value: unknown): JsonObject | undefined {
  const json = jsonOf(value)
  return isObject(json) ? json : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
