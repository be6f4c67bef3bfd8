import { integerOfOtlp, OTLP_LIMITS, setAttribute } from '@spanledger/core'
import { fixed64, type ProtoCursor, sized, varint } from './proto-cursor.ts'

// `KeyValue`, `AnyValue`, `ArrayValue` and `KeyValueList` of opentelemetry/proto/common/v1.
const KEY = sized(1)
const VALUE = sized(2)
const STRING_VALUE = sized(1)
const BOOL_VALUE = varint(2)
const INT_VALUE = varint(3)
const DOUBLE_VALUE = fixed64(4)
const ARRAY_VALUE = sized(5)
const KVLIST_VALUE = sized(6)
const BYTES_VALUE = sized(7)
const LIST_VALUES = sized(1)

// UTF-8 takes up to three bytes per UTF-16 code unit.
const MAX_TEXT_BYTES = OTLP_LIMITS.textLength * 3

/** Collects attributes in the form that core's `attributesOfOtlp` returns. `add` reads the next entry of the list. */
export interface AttributeReader {
  readonly attributes: Record<string, unknown>
  add(): void
}

/** Creates a reader for one list of keys and values. It skips entries above the limit. */
export function createAttributeReader(cursor: ProtoCursor, depth = 0): AttributeReader {
  const attributes: Record<string, unknown> = {}
  let count = 0
  return {
    attributes,
    add() {
      count += 1
      if (count > OTLP_LIMITS.attributes) return cursor.skip(KEY)
      readEntry(cursor, attributes, depth)
    },
  }
}

function readEntry(cursor: ProtoCursor, attributes: Record<string, unknown>, depth: number): void {
  const { reader } = cursor
  const end = cursor.messageEnd()
  let key = ''
  let value: unknown
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === KEY) key = cursor.text()
    else if (tag === VALUE) value = readValue(cursor, depth)
    else cursor.skip(tag)
  }
  if (value !== undefined) setAttribute(attributes, key, value)
}

/** Returns null for a value that is empty or too deep, and undefined for a text that is too long. */
function readValue(cursor: ProtoCursor, depth: number): unknown {
  const { reader } = cursor
  const end = cursor.messageEnd()
  if (depth >= OTLP_LIMITS.depth) {
    reader.pos = end
    return null
  }
  let value: unknown = null
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === STRING_VALUE) value = shortEnough(cursor.textUpTo(MAX_TEXT_BYTES))
    else if (tag === INT_VALUE) value = integerOfOtlp(cursor.integer())
    else if (tag === DOUBLE_VALUE) value = reader.double()
    else if (tag === BOOL_VALUE) value = reader.bool()
    else if (tag === ARRAY_VALUE) value = readArray(cursor, depth + 1)
    else if (tag === KVLIST_VALUE) value = readKeys(cursor, depth + 1)
    // As base64, like OTLP/JSON. No attribute that we use has bytes.
    else if (tag === BYTES_VALUE) value = shortEnough(cursor.bytes().toString('base64'))
    else cursor.skip(tag)
  }
  return value
}

function shortEnough(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= OTLP_LIMITS.textLength ? text : undefined
}

function readArray(cursor: ProtoCursor, depth: number): unknown[] {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const values: unknown[] = []
  while (reader.pos < end) {
    const tag = cursor.tag()
    // Array positions matter, so an omitted value becomes null.
    if (tag === LIST_VALUES) values.push(readValue(cursor, depth) ?? null)
    else cursor.skip(tag)
  }
  return values
}

function readKeys(cursor: ProtoCursor, depth: number): Record<string, unknown> {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const entries = createAttributeReader(cursor, depth)
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === LIST_VALUES) entries.add()
    else cursor.skip(tag)
  }
  return entries.attributes
}
