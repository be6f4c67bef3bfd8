import type { Json, JsonObject } from './call.ts'

/** Attributes of a span, as read: any value may be there. */
export type Attributes = Readonly<Record<string, unknown>>

/** A non-empty string, or nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A finite number, or nothing. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A token count: an integer from 0 to 2^53-1, or nothing. NaN, fractions, negatives and strings are nothing. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** The strings of an array of strings; nothing for anything else or an empty one. */
export function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const texts = value.filter((item) => typeof item === 'string' && item !== '')
  return texts.length > 0 ? texts : undefined
}

/** The value behind a JSON string; nothing when it is no JSON. Values that are already structured pass as they are. */
export function jsonOf(value: unknown): Json | undefined {
  if (typeof value === 'object' && value !== null) return value as Json // structured attributes, as OTLP allows them
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value) as Json
  } catch {
    return undefined
  }
}

/** The object behind a JSON string, or nothing. */
export function objectOf(value: unknown): JsonObject | undefined {
  const json = jsonOf(value)
  return isObject(json) ? json : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
