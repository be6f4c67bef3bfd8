import { createByteHash } from './byte-hash.ts'
import { MalformedBody } from './proto-cursor.ts'

/** Limits of a JSON text, checked before it is parsed. */
export interface JsonShape {
  readonly depth: number
  /** Arrays and objects. */
  readonly containers: number
  readonly values: number
  /** Distinct member names. OTLP has some fifty, because attribute names are values there. */
  readonly names: number
}

/** Limits of a trace request. */
export const TRACE_REQUEST_SHAPE: JsonShape = {
  depth: 256,
  containers: 3_000_000,
  values: 8_000_000,
  names: 1_000,
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Throws a `MalformedBody` for a text that would cost the parser seconds or gigabytes, such as a million distinct names
 * or millions of empty arrays. One pass over the bytes without allocations; it does not check that the text is JSON.
 */
export function checkJson(body: Buffer, shape: JsonShape): void {
  const names = new Set<number>()
  const hashOf = createByteHash(body)
  let depth = 0
  let containers = 0
  let values = 0
  let textStart = 0
  let textEnd = 0
  let nameHash = 0
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === QUOTE) {
      textStart = at + 1
      for (at += 1; at < body.length && body[at] !== QUOTE; at += 1) if (body[at] === BACKSLASH) at += 1
      textEnd = at
    } else if (byte === COLON) {
      // Hashes only names, each once even if several colons follow: most of a body is in its values.
      if (textStart < textEnd) nameHash = hashOf(textStart, textEnd)
      textStart = textEnd
      if (names.size < shape.names) names.add(nameHash)
      else if (!names.has(nameHash)) throw tooMany('different names', shape.names)
    } else if (byte === COMMA) {
      values += 1
      if (values > shape.values) throw tooMany('values', shape.values)
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      containers += 1
      depth += 1
      if (depth > shape.depth) throw new MalformedBody(`it is nested deeper than ${shape.depth} levels`)
      if (containers > shape.containers) throw tooMany('arrays and objects', shape.containers)
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1
  }
}

function tooMany(what: string, most: number): MalformedBody {
  return new MalformedBody(`it has more than ${most.toLocaleString('en-US')} ${what}`)
}
