import type { Json, JsonObject } from '../json/json.ts'

/** Both sets as one, sorted. */
export function mergeTags(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b
  return compareJson(a, b) === 0 ? a : [...new Set([...a, ...b])].sort()
}

/**
 * Both objects as one, key by key. Keys are sorted as soon as two versions differ, so that the order of arrival leaves
 * no trace.
 */
export function mergeObject(a: JsonObject | null, b: JsonObject | null): JsonObject | null {
  if (a === null || b === null) return a ?? b
  if (compareJson(a, b) === 0) return a
  const keys = [...new Set([...keysOf(a), ...keysOf(b)])].sort()
  // Not by assignment: one to a key `__proto__` would change the object instead.
  return Object.fromEntries(keys.map((key) => [key, known(ownOf(a, key), ownOf(b, key))]))
}

/** What is known; of two known values the greater. */
export function known<Value extends Json>(a: Value | null, b: Value | null): Value | null {
  if (a === b) return a
  if (a === null || b === null) return a ?? b
  return compareJson(a, b) < 0 ? b : a
}

/** What is known; of two known texts the one that was cut less. */
export function longest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return (a.length - b.length || compareText(a, b)) < 0 ? b : a
}

/** What is known; of two known numbers the lower. */
export function lowest<Value extends number | null>(a: Value, b: Value): Value {
  return a === null || b === null ? (a ?? b) : (Math.min(a, b) as Value) // one of the two
}

/** Below everything else stands NULL. */
export function compareNullable(a: Json, b: Json): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : compareJson(a, b)
}

/** Numbers by value, all else by its text: a total order over JSON. */
export function compareJson(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return compareText(JSON.stringify(a), JSON.stringify(b))
}

/** By UTF-16 code unit, the same in every place and language. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a > b ? 1 : -1
}

// JSON has no `undefined`, so a key that holds it is not there.
function keysOf(object: JsonObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined)
}

function ownOf(object: JsonObject, key: string): Json {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null
}
