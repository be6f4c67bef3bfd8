import { isError } from '../errors.ts'

import type { Json } from './json.ts'
import { cutText, ELLIPSIS } from './cut-text.ts'

/** How much of an untrusted value is read. A marker stands for what was left out. */
export interface JsonLimits {
  /** Deeper values become `…`. Default 32. */
  readonly maxDepth: number
  /** Keys of one object or elements of one array. Default 1,000. */
  readonly maxKeys: number
  /** Values in total. Siblings share it fairly, so one large child cannot use it up. Default 10,000. */
  readonly maxNodes: number
  /** UTF-16 units of one text. Default 262,144. */
  readonly maxTextLength: number
  /** UTF-16 units of a base64 text or data URL; a longer one is replaced by its length. Default: no limit. */
  readonly maxBase64Length: number
}

const DEFAULT_LIMITS: JsonLimits = {
  maxDepth: 32,
  maxKeys: 1_000,
  maxNodes: 10_000,
  maxTextLength: 262_144,
  maxBase64Length: Infinity,
}
const MAX_KEY_LENGTH = 128
const MAX_BIGINT_BITS = 1_024
const MIN_ELEMENT_NODES = 16
const MAX_MEASURED_NODES = 20_000
const MAX_MEASURED_DEPTH = 64

/** State of a walk over one value. */
interface Walk {
  readonly limits: JsonLimits
  /** Whether siblings share the remaining values; otherwise the first ones take what they need. */
  readonly isShared: boolean
  /** The containers above the current one; meeting one again means a cycle. */
  readonly ancestors: object[]
  nodes: number
  /** Whether the value had more nodes than the limit. */
  isExhausted: boolean
  /** Characters of JSON left out so far. */
  lostLength: number
  /** How many left-out values may still be measured. */
  measurable: number
  readonly missing: Map<Json, number>
}

/** A converted value, and what was left out. */
export interface MeasuredJson {
  readonly json: Json
  /** Approximate number of characters of JSON left out. */
  readonly lostLength: number
  /** How many entries each container lost; its last entry is then a marker. */
  readonly missing: ReadonlyMap<Json, number>
}

/**
 * Copies any value to plain JSON. Never throws, whatever getters, proxies and cycles it meets, and reads each property
 * once. As in `JSON.stringify`, `toJSON` is honored and functions, symbols and `undefined` are left out. Unlike it, big
 * integers become texts, errors keep name and message, bytes become their count, NaN and infinities become null, and
 * own keys named `__proto__` are dropped.
 */
export function toJson(value: unknown, limits?: Partial<JsonLimits>): Json {
  return measureJson(value, limits).json
}

/** `toJson`, plus what it left out. */
export function measureJson(value: unknown, limits?: Partial<JsonLimits>): MeasuredJson {
  const allLimits = { ...DEFAULT_LIMITS, ...limits }
  const first = measure(value, allLimits, false)
  if (!first.isExhausted) return first
  // Too many values: walk again, so that the first large child does not use up the room of the others. With half the
  // room, because the markers must not exceed the limit again.
  return measure(value, { ...allLimits, maxNodes: Math.ceil(allLimits.maxNodes / 2) }, true)
}

function measure(value: unknown, limits: JsonLimits, isShared: boolean): MeasuredJson & { isExhausted: boolean } {
  const walk: Walk = {
    limits,
    isShared,
    ancestors: [],
    nodes: 0,
    isExhausted: false,
    lostLength: 0,
    measurable: MAX_MEASURED_NODES,
    missing: new Map(),
  }
  const json = convert(value, walk, limits.maxNodes) ?? null
  return { json, lostLength: Math.max(0, walk.lostLength), missing: walk.missing, isExhausted: walk.isExhausted }
}

/** Sets an own property even if `Object.prototype` is frozen or has a setter of that name. */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') return
  if (key in target) Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}

/** The marker for elements or entries left out. */
export function leftOut(count: number): string {
  return `${count} more`
}

function convert(value: unknown, walk: Walk, nodes: number): Json | undefined {
  walk.nodes += 1
  switch (typeof value) {
    case 'string':
      return convertText(value, walk)
    case 'number':
      // JSON writes -0 as 0.
      return Number.isFinite(value) ? value || 0 : null
    case 'boolean':
      return value
    case 'bigint':
      return fromBigint(value)
    case 'object':
      return value === null ? null : convertObject(value, walk, nodes)
    default:
      return undefined
  }
}

function convertText(value: string, walk: Walk): string {
  const { maxTextLength, maxBase64Length } = walk.limits
  if (value.length > maxBase64Length && isBase64(value)) {
    walk.lostLength += value.length
    return `[base64, ${value.length} characters]`
  }
  walk.lostLength += Math.max(0, value.length - maxTextLength)
  return cutText(value, maxTextLength)
}

/**
 * Judged by its start: any 256 characters of base64-encoded bytes contain upper-case letters, lower-case letters and
 * digits, and nothing else.
 */
function isBase64(value: string): boolean {
  const start = value.slice(0, 256)
  if (start.startsWith('data:')) return start.includes(';base64,')
  return /^[\w+/=\r\n-]+$/.test(start) && /[a-z]/.test(start) && /[A-Z]/.test(start) && /[0-9]/.test(start)
}

function fromBigint(value: bigint): Json {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value)
  return BigInt.asIntN(MAX_BIGINT_BITS, value) === value ? value.toString() : '[bigint]'
}

function convertObject(value: object, walk: Walk, nodes: number): Json | undefined {
  if (walk.ancestors.includes(value)) return '[circular]'
  if (walk.ancestors.length >= walk.limits.maxDepth || nodes < 1) {
    walk.isExhausted ||= nodes < 1
    walk.lostLength += lengthOf(value, walk)
    return ELLIPSIS
  }
  walk.ancestors.push(value)
  try {
    const plain = plainForm(value)
    return typeof plain === 'object' && plain !== null
      ? convertContainer(plain, walk, nodes)
      : convert(plain, walk, nodes)
  } catch {
    // A trap or a method of the value threw.
    return '[unreadable]'
  } finally {
    walk.ancestors.pop()
  }
}

/** How the value describes itself: the result of `toJSON`, the fields of an error, the size of a buffer. */
function plainForm(value: object): unknown {
  if (Array.isArray(value)) return value
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if ('toJSON' in value) {
    const { toJSON } = value
    if (typeof toJSON === 'function') return toJSON.call(value, '')
  }
  return isError(value) ? { name: value.name, message: value.message } : value
}

function convertContainer(value: object, walk: Walk, nodes: number): Json {
  return Array.isArray(value) ? convertArray(value, walk, nodes) : convertEntries(value, walk, nodes)
}

function convertArray(value: readonly unknown[], walk: Walk, nodes: number): Json {
  const { length } = value
  const kept = keptOf(length, walk)
  const result: Json[] = []
  const end = walk.nodes + nodes - 1
  for (let index = 0; index < kept && walk.nodes < end; index += 1) {
    // A few whole elements say more than fragments of all of them.
    const share = Math.max(MIN_ELEMENT_NODES, shareOf(end, kept - index, walk))
    result.push(convert(read(value, index), walk, Math.min(share, end - walk.nodes)) ?? null)
  }
  const missing = length - result.length
  if (missing === 0) return result
  walk.isExhausted ||= result.length < kept
  for (let index = result.length; index < length && isMeasuring(walk); index += 1) {
    walk.lostLength += lengthOf(read(value, index), walk) + 1
  }
  result.push(`${ELLIPSIS} ${leftOut(missing)}`)
  walk.missing.set(result, missing)
  return result
}

function convertEntries(value: object, walk: Walk, nodes: number): Json {
  const keys = Object.keys(value)
  const kept = keptOf(keys.length, walk)
  const result: Record<string, Json> = {}
  const end = walk.nodes + nodes - 1
  let index = 0
  for (; index < kept && walk.nodes < end; index += 1) {
    const key = keys[index] ?? ''
    const json = convert(read(value, key), walk, shareOf(end, kept - index, walk))
    if (json !== undefined) setOwn(result, cutText(key, MAX_KEY_LENGTH), json)
  }
  const missing = keys.length - index
  if (missing === 0) return result
  walk.isExhausted ||= index < kept
  for (; index < keys.length && isMeasuring(walk); index += 1) {
    const key = keys[index] ?? ''
    walk.lostLength += key.length + lengthOf(read(value, key), walk) + 4
  }
  setOwn(result, ELLIPSIS, leftOut(missing))
  walk.missing.set(result, missing)
  return result
}

/** How many entries are kept, including the marker. */
function keptOf(count: number, { limits }: Walk): number {
  return count > limits.maxKeys ? limits.maxKeys - 1 : count
}

/** A walk that will be repeated need not be exact. */
function isMeasuring({ measurable, isShared, isExhausted }: Walk): boolean {
  return measurable > 0 && (isShared || !isExhausted)
}

function shareOf(end: number, siblings: number, walk: Walk): number {
  return walk.isShared ? Math.floor((end - walk.nodes) / siblings) : end - walk.nodes
}

function read(value: object, key: string | number): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    return '[unreadable]'
  }
}

/** Approximate length of a left-out value as JSON. */
function lengthOf(value: unknown, walk: Walk): number {
  walk.measurable -= 1
  if (typeof value === 'string') return value.length + 2
  if (typeof value === 'number') return String(value).length
  if (typeof value !== 'object' || value === null) return 4
  if (walk.measurable <= 0 || walk.ancestors.length > MAX_MEASURED_DEPTH || walk.ancestors.includes(value)) return 2
  walk.ancestors.push(value)
  try {
    let length = 2
    for (const key of Object.keys(value)) {
      if (walk.measurable <= 0) break
      length += lengthOf(read(value, key), walk) + (Array.isArray(value) ? 1 : key.length + 4)
    }
    return length
  } catch {
    // An unreadable value has no length.
    return 2
  } finally {
    walk.ancestors.pop()
  }
}
