import type { Json, JsonObject } from './json.ts'
import { cutText, ELLIPSIS } from './cut-text.ts'
import { fairShare } from './fair-share.ts'
import { leftOut, measureJson, setOwn } from './to-json.ts'

/** A JSON value that fits, and its length before cutting. */
export interface FittedJson {
  readonly json: Json
  /**
   * Characters of the whole value as JSON, or of the text itself; an estimate if there were too many values to convert.
   */
  readonly length: number
}

// Fits any number and any marker.
const MIN_ENTRY = 24
// Six readable elements say more than twenty fragments. Keys are kept as long as possible.
const WHOLE_ELEMENTS = 6

/** One entry of an array or object. */
interface Entry {
  readonly key: string
  readonly value: Json
  /** Length of the value as JSON. */
  readonly size: number
  /** Length of key, colon and comma. */
  readonly overhead: number
}

/** Known lengths of containers, and what each has already lost. */
interface Measures {
  readonly sizes: Map<Json, number>
  readonly missing: ReadonlyMap<Json, number>
}

/**
 * Cuts a value to JSON of at most `maxLength` characters; what cannot be cut further takes up to 24. The result is
 * valid JSON of the same shape: the longest texts are cut first, then the ends of arrays and objects, with a marker
 * that counts what was left out. Accepts any value and never throws.
 */
export function cutJson(value: unknown, maxLength: number): Json {
  return fitJson(value, maxLength).json
}

/** `cutJson` plus the original length. Base64 beyond its own limit is replaced by its length. */
export function fitJson(value: unknown, maxLength: number, maxBase64Length = Infinity): FittedJson {
  if (typeof value === 'string') return { json: cutQuoted(value, maxLength), length: value.length }
  // A value that is longer, or has more nodes, cannot fit, so the rest is not read.
  const maxNodes = Math.max(64, Math.floor(maxLength))
  const maxTextLength = Math.max(MIN_ENTRY, Math.floor(maxLength))
  const { json, lostLength, missing } = measureJson(value, {
    maxNodes,
    maxKeys: maxNodes,
    maxTextLength,
    maxBase64Length,
  })
  const length = JSON.stringify(json).length
  const fitting = length <= maxLength ? json : fit(json, maxLength, { sizes: new Map(), missing })
  return { json: fitting, length: length + lostLength }
}

function fit(json: Json, budget: number, measures: Measures): Json {
  if (sizeOf(json, measures) <= budget) return json
  if (typeof json === 'string') return cutQuoted(json, budget)
  if (typeof json !== 'object' || json === null) return json
  // Two brackets, and one comma fewer than entries.
  const room = budget - 1
  const entries = entriesOf(json, measures)
  const alreadyMissing = measures.missing.get(json) ?? 0
  const present = alreadyMissing > 0 ? entries.slice(0, -1) : entries
  const minimum = isArray(json) ? Math.max(MIN_ENTRY, Math.floor(room / WHOLE_ELEMENTS)) : MIN_ENTRY
  const kept = present.slice(0, countThatFits(present, minimum, alreadyMissing > 0 ? room - MIN_ENTRY : room))
  const missing = alreadyMissing + present.length - kept.length
  if (missing > 0 && room < MIN_ENTRY) return ELLIPSIS
  const overhead = kept.reduce((sum, entry) => sum + entry.overhead, missing > 0 ? MIN_ENTRY : 0)
  const wishes = kept.map((entry) => entry.size)
  const share = Math.floor(fairShare(wishes, room - overhead))
  const values = kept.map((entry) => fit(entry.value, share, measures))
  return isArray(json) ? rebuildArray(values, missing) : rebuildObject(kept, values, missing)
}

/** How many entries fit with at least the minimum each. */
function countThatFits(entries: readonly Entry[], minimum: number, room: number): number {
  let used = 0
  let withMarker = 0
  for (const [index, entry] of entries.entries()) {
    used += entry.overhead + Math.min(entry.size, minimum)
    if (used > room) return withMarker
    if (used + MIN_ENTRY <= room) withMarker = index + 1
  }
  return entries.length
}

function rebuildArray(values: readonly Json[], missing: number): Json {
  return missing > 0 ? [...values, `${ELLIPSIS} ${leftOut(missing)}`] : values
}

function rebuildObject(entries: readonly Entry[], values: readonly Json[], missing: number): Json {
  const result: Record<string, Json> = {}
  for (const [index, entry] of entries.entries()) setOwn(result, entry.key, values[index] ?? null)
  if (missing > 0) setOwn(result, ELLIPSIS, leftOut(missing))
  return result
}

/** Cuts a text to at most `budget` characters including quotes and escapes. */
function cutQuoted(text: string, budget: number): string {
  // Never longer than the text itself, otherwise cutting in proportion would never cut anything.
  let maxLength = Math.max(1, Math.min(Math.floor(budget) - 2, text.length))
  let result = cutText(text, maxLength)
  while (maxLength > 1) {
    const size = JSON.stringify(result).length
    if (size <= budget) break
    maxLength = Math.max(1, Math.min(maxLength - 1, Math.floor((maxLength * budget) / size)))
    result = cutText(text, maxLength)
  }
  return result
}

function entriesOf(json: readonly Json[] | JsonObject, measures: Measures): readonly Entry[] {
  if (isArray(json)) return json.map((value) => ({ key: '', value, size: sizeOf(value, measures), overhead: 1 }))
  return Object.entries(json).map(([key, value = null]) => ({
    key,
    value,
    size: sizeOf(value, measures),
    overhead: sizeOf(key, measures) + 2,
  }))
}

/** Length as JSON; each container is measured once. */
function sizeOf(json: Json, measures: Measures): number {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json).length
  const known = measures.sizes.get(json)
  if (known !== undefined) return known
  const entries = entriesOf(json, measures)
  const size = Math.max(
    2,
    entries.reduce((sum, entry) => sum + entry.size + entry.overhead, 1),
  )
  measures.sizes.set(json, size)
  return size
}

function isArray(json: readonly Json[] | JsonObject): json is readonly Json[] {
  return Array.isArray(json)
}
