import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

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
  /** A signed 64-bit number. */
  integer(): bigint
  /** An unsigned 64-bit number of fixed size. */
  fixed(): bigint
  /** The next tag: number of the field times 8, plus its wire type. */
  tag(): number
  /** Passes over a field that nobody asks for. */
  skip(tag: number): void
}

// A request of 10,000 spans with 60 attributes each has some three million fields.
const MOST_FIELDS = 8_000_000

export function createProtoCursor(body: Buffer): ProtoCursor {
  const reader = new BinaryReader(body)
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
    return body.toString('utf8', start, start + length)
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
    integer: () => BigInt(reader.int64()),
    fixed: () => BigInt(reader.fixed64()),
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
      reader.skip(type)
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
