import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { createTextMemory } from './text-memory.ts'

/** A body that is not a valid request. The message is for the sender. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody'
}

/** Reads protobuf without recursion, within limits of work and memory. */
export interface ProtoCursor {
  readonly reader: BinaryReader
  /** Throws if a read went beyond the end. */
  checkEnd(): void
  /** Reads a length and returns the end of the message after it. */
  messageEnd(): number
  /** Reads a string. */
  text(): string
  /** Reads a string; skips it and returns undefined if it is longer than `maxBytes`. */
  textUpTo(maxBytes: number): string | undefined
  bytes(): Buffer
  /** Reads `byteLength` bytes as hex; skips them and returns undefined if the length differs. */
  hex(byteLength: number): string | undefined
  /** Reads a signed 64-bit integer. */
  integer(): number | bigint
  /** Reads a tag: field number times 8 plus wire type. */
  tag(): number
  /** Skips an unknown field. */
  skip(tag: number): void
}

// A request of 10,000 spans with 60 attributes each has some three million fields.
const MOST_FIELDS = 8_000_000

export function createProtoCursor(body: Buffer): ProtoCursor {
  const reader = new BinaryReader(body)
  const memory = createTextMemory(body)
  let fields = 0

  function checkEnd(): void {
    if (reader.pos > body.length) throw new MalformedBody('it ends in the middle of a field')
  }

  function take(length: number): number {
    const start = reader.pos
    reader.pos += length
    checkEnd()
    return start
  }

  function textOf(length: number): string {
    const start = take(length)
    return memory.textAt(start, start + length)
  }

  // Whether a varint ends within four bytes, as token counts do. It is then not negative.
  function isSmall(): boolean {
    for (let at = reader.pos; at < reader.pos + 4; at += 1) if ((body[at] ?? 0) < 0x80) return true
    return false
  }

  return {
    reader,
    checkEnd,
    messageEnd() {
      const length = reader.uint32()
      const end = reader.pos + length
      if (end > body.length) throw new MalformedBody('a message is longer than the body')
      return end
    },
    text: () => textOf(reader.uint32()),
    textUpTo(maxBytes) {
      const length = reader.uint32()
      if (length <= maxBytes) return textOf(length)
      take(length)
      return undefined
    },
    bytes() {
      const length = reader.uint32()
      const start = take(length)
      return body.subarray(start, start + length)
    },
    hex(byteLength) {
      const length = reader.uint32()
      const start = take(length)
      return length === byteLength ? body.toString('hex', start, start + length) : undefined
    },
    integer: () => (isSmall() ? reader.uint32() : BigInt(reader.int64())),
    tag() {
      fields += 1
      if (fields > MOST_FIELDS) throw new MalformedBody(`the body has more than ${MOST_FIELDS} fields`)
      const tag = reader.uint32()
      if (tag >>> 3 === 0) throw new MalformedBody('a field has the number 0')
      return tag
    },
    skip(tag) {
      const type: WireType = tag & 7
      // OTLP has no groups, and they nest without a length that could be checked.
      if (type === WireType.StartGroup || type === WireType.EndGroup || type > WireType.Bit32) {
        throw new MalformedBody(`a field has wire type ${type}`)
      }
      // `reader.skip` would create a view of the bytes.
      if (type === WireType.LengthDelimited) take(reader.uint32())
      else reader.skip(type)
    },
  }
}

/** Returns the tag of a length-delimited field: string, bytes or message. */
export function sized(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.LengthDelimited
}

/** Returns the tag of a varint field. */
export function varint(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.Varint
}

/** Returns the tag of a 64-bit field. */
export function fixed64(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.Bit64
}
