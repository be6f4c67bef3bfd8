import { crc32 } from 'node:zlib'

/** What a frame holds: a call that has ended (or never will), or the start of one. Both are call lines of `toCallLine`. */
export type FrameKind = 'call' | 'start'

/** A frame that was read. */
export interface Frame {
  readonly kind: FrameKind
  /** The number of the frame within its segment, from 0. */
  readonly sequence: number
  readonly line: string
  /** The offset of the byte after it. */
  readonly end: number
}

/** Bytes before the line: magic, checksum, length, sequence, kind. */
export const FRAME_OVERHEAD_BYTES = 21

/** The most bytes that a line may have. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024

/** The first bytes of each frame: `SLJ` and the version of the format. */
export const FRAME_MAGIC = Buffer.from('SLJ1', 'latin1')

const CHECKSUM_AT = 4
const LENGTH_AT = 8
const SEQUENCE_AT = 12
const KIND_AT = 20
const KINDS = ['call', 'start'] as const satisfies readonly FrameKind[]
const UINT32 = 2 ** 32
const MOST_BYTES_PER_UNIT = 3
const FIRST_CAPACITY = 64 * 1024

/** Encodes the frames of one segment: `magic u32 | checksum u32 | length u32 | sequence u64 | kind u8 | line`, little endian. */
export interface FrameEncoder {
  /** Returns the bytes of a frame, which the next call overwrites; undefined if the line is too long. */
  encode(kind: FrameKind, sequence: number, line: string): Buffer | undefined
}

/**
 * Makes an encoder. The checksum covers everything after itself, and it starts from the segment's name: if a disk returns
 * bytes of another file, they are not taken for frames of this one. Nor are zero bytes.
 */
export function createFrameEncoder(segment: string): FrameEncoder {
  const seed = seedOf(segment)
  let buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  FRAME_MAGIC.copy(buffer)
  return {
    encode(kind, sequence, line) {
      const room = FRAME_OVERHEAD_BYTES + line.length * MOST_BYTES_PER_UNIT
      if (room > buffer.length) {
        const needed = FRAME_OVERHEAD_BYTES + Buffer.byteLength(line)
        if (needed > FRAME_OVERHEAD_BYTES + MAX_LINE_BYTES) return undefined
        if (needed > buffer.length) {
          buffer = Buffer.allocUnsafe(needed)
          FRAME_MAGIC.copy(buffer)
        }
      }
      const end = FRAME_OVERHEAD_BYTES + buffer.write(line, FRAME_OVERHEAD_BYTES, 'utf8')
      buffer.writeUInt32LE(end - FRAME_OVERHEAD_BYTES, LENGTH_AT)
      buffer.writeUInt32LE(sequence % UINT32, SEQUENCE_AT)
      buffer.writeUInt32LE(Math.floor(sequence / UINT32), SEQUENCE_AT + 4)
      buffer[KIND_AT] = kind === 'call' ? 0 : 1
      buffer.writeUInt32LE(crc32(buffer.subarray(LENGTH_AT, end), seed), CHECKSUM_AT)
      return buffer.subarray(0, end)
    },
  }
}

/** Reads the frame at an offset. `short` if the bytes end before the frame, `bad` if there is no frame; never throws. */
export function readFrame(bytes: Buffer, at: number, seed: number): Frame | 'short' | 'bad' {
  const left = bytes.length - at
  if (left < FRAME_OVERHEAD_BYTES) return isMagicSoFar(bytes, at) ? 'short' : 'bad'
  if (!isMagicSoFar(bytes, at)) return 'bad'
  const length = bytes.readUInt32LE(at + LENGTH_AT)
  if (length > MAX_LINE_BYTES) return 'bad'
  const end = at + FRAME_OVERHEAD_BYTES + length
  if (end > bytes.length) return 'short'
  const kind = KINDS[bytes[at + KIND_AT] ?? KINDS.length]
  if (kind === undefined) return 'bad'
  if (crc32(bytes.subarray(at + LENGTH_AT, end), seed) !== bytes.readUInt32LE(at + CHECKSUM_AT)) return 'bad'
  return {
    kind,
    sequence: bytes.readUInt32LE(at + SEQUENCE_AT) + bytes.readUInt32LE(at + SEQUENCE_AT + 4) * UINT32,
    line: bytes.toString('utf8', at + FRAME_OVERHEAD_BYTES, end),
    end,
  }
}

/** The value that the checksums of a segment start from. */
export function seedOf(segment: string): number {
  return crc32(segment)
}

/** Whether a frame may begin at an offset, as far as the bytes show. */
export function isMagicSoFar(bytes: Buffer, at: number): boolean {
  const length = Math.min(FRAME_MAGIC.length, bytes.length - at)
  return bytes.compare(FRAME_MAGIC, 0, length, at, at + length) === 0
}
