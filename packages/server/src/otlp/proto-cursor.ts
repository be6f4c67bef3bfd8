import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { createTextMemory } from './text-memory.ts'

/** Why bytes or texts are no request. The message is for the sender. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody'
}

/** Steps through protocol buffers without recursion of its own, and ends before work or memory run away. */
export interface ProtoCursor {
  readonly reader: BinaryReader
  /** Throws if something was read that is beyond the end. */
  checkEnd(): void
  /** Where the message ends whose length comes next. */
  messageEnd(): number
  /** A text. */
  text(): string
  /** Nothing, and passed over, if it is longer than so many bytes. */
  textUpTo(maxBytes: number): string | undefined
  bytes(): Buffer
  /** So many bytes in hexadecimal digits; nothing, and passed over, if there are more or fewer. */
  hex(byteLength: number): string | undefined
  /** A signed 64-bit number. */
  integer(): number | bigint
  /** The next tag: number of the field times 8, plus its wire type. */
  tag(): number
  /** Passes over a field that nobody asks for. */
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

  // Whether a number ends within its first four bytes, as token counts do; it is then no negative one.
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
      // The reader would make a view of what it passes over.
      if (type === WireType.LengthDelimited) take(reader.uint32())
      else reader.skip(type)
    },
  }
}

/** The tag of a field with a length: a text, bytes or a message. */
export function sized(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.LengthDelimited
}

/** The tag of a field that is a number of any size up to 64 bits. */
export function varint(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.Varint
}

/** The tag of a field of eight bytes. */
export function fixed64(fieldNumber: number): number {
  return (fieldNumber << 3) | WireType.Bit64
}
