import type { FrameKind } from '@spanledger/journal'
import { createFrameEncoder, FRAME_OVERHEAD_BYTES, MAX_LINE_BYTES, readFrames } from '@spanledger/journal/frames'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const SEGMENT = 'mf3k2a-0123456789abcdef/000001'

interface Written {
  readonly kind: FrameKind
  readonly line: string
}

const written = fc.record<Written>({
  kind: fc.constantFrom<FrameKind>('call', 'start'),
  line: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 900 })),
})
const someWritten = fc.array(written, { maxLength: 12 })

/** The bytes of a segment, and where each frame of it ends. */
function segmentOf(list: readonly Written[], segment = SEGMENT): { readonly bytes: Buffer; readonly ends: number[] } {
  const encoder = createFrameEncoder(segment)
  const frames = list.map(({ kind, line }, sequence) => Buffer.from(encoder.encode(kind, sequence, line)!))
  let end = 0
  return { bytes: Buffer.concat(frames), ends: frames.map((frame) => (end += frame.length)) }
}

/** What was written, as it is read back: a line that is not well-formed comes back as UTF-8 keeps it. */
function framesOf(list: readonly Written[], { ends }: { readonly ends: number[] }) {
  return list.map(({ kind, line }, sequence) => ({ kind, sequence, line: line.toWellFormed(), end: ends[sequence] }))
}

describe('a segment', () => {
  test('returns what was written, in order', () => {
    const anySegment = fc.property(someWritten, (list) => {
      const segment = segmentOf(list)
      expect(readFrames(segment.bytes, 0, SEGMENT, { isFinished: true })).toEqual({
        frames: framesOf(list, segment),
        end: segment.bytes.length,
        isTorn: false,
        damages: 0,
      })
    })
    fc.assert(anySegment, { numRuns: 2_000 })
  })

  test('can be read from the end of any frame, a few at a time', () => {
    const anyLimit = fc.property(someWritten, fc.integer({ min: 1, max: 5 }), (list, maxFrames) => {
      const segment = segmentOf(list)
      const read = []
      for (let end = 0; end < segment.bytes.length;) {
        const next = readFrames(segment.bytes, end, SEGMENT, { maxFrames })
        read.push(...next.frames)
        end = next.end
      }
      expect(read).toEqual(framesOf(list, segment))
    })
    fc.assert(anyLimit, { numRuns: 500 })
  })

  test('that is still being written ends with its last whole frame', () => {
    const anyPrefix = fc.property(someWritten, fc.nat(), (list, cut) => {
      const segment = segmentOf(list)
      const length = cut % (segment.bytes.length + 1)
      const whole = segment.ends.filter((end) => end <= length).length
      const read = readFrames(segment.bytes.subarray(0, length), 0, SEGMENT)
      expect(read.frames).toEqual(framesOf(list, segment).slice(0, whole))
      expect(read.end).toBe(segment.ends[whole - 1] ?? 0)
    })
    fc.assert(anyPrefix, { numRuns: 1_000 })
  })

  test('accepts no line larger than its limit', () => {
    const encoder = createFrameEncoder(SEGMENT)
    expect(encoder.encode('call', 0, 'x'.repeat(MAX_LINE_BYTES))).toHaveLength(MAX_LINE_BYTES + FRAME_OVERHEAD_BYTES)
    expect(encoder.encode('call', 0, 'x'.repeat(MAX_LINE_BYTES + 1))).toBeUndefined()
    expect(encoder.encode('call', 0, '€'.repeat(MAX_LINE_BYTES / 2))).toBeUndefined()
  })

  test('holds no frame of another segment', () => {
    const { bytes } = segmentOf([{ kind: 'call', line: '{}' }], 'mf3k2a-0123456789abcdef/000002')
    expect(readFrames(bytes, 0, SEGMENT, { isFinished: true })).toMatchObject({ frames: [], damages: 1 })
  })
})

const BLOCK = 512

/** What a disk may hold of a segment after a power cut: all of what was synced, of the rest any blocks. */
function crashImage(bytes: Buffer, crash: { synced: number; length: number; lostBlocks: readonly number[] }): Buffer {
  const image = Buffer.from(bytes.subarray(0, Math.max(crash.synced, crash.length)))
  for (const block of crash.lostBlocks) {
    const [from, to] = [block, block + 1].map((edge) => Math.min(image.length, Math.max(crash.synced, edge * BLOCK)))
    image.fill(0, from, to)
  }
  return image
}

test('20,000 images of crashes lose no frame that was synced and show none that was not written', () => {
  const crash = fc.record({
    synced: fc.nat(),
    length: fc.nat(),
    lostBlocks: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
    zeros: fc.nat({ max: 1_000 }),
  })
  const anyCrash = fc.property(someWritten, crash, (list, { synced, length, lostBlocks, zeros }) => {
    const segment = segmentOf(list)
    const frames = framesOf(list, segment)
    const syncedFrames = synced % (frames.length + 1)
    const image = crashImage(segment.bytes, {
      synced: segment.ends[syncedFrames - 1] ?? 0,
      length: length % (segment.bytes.length + 1),
      lostBlocks,
    })
    const read = readFrames(Buffer.concat([image, Buffer.alloc(zeros)]), 0, SEGMENT, { isFinished: true })
    expect(read.frames.slice(0, syncedFrames)).toEqual(frames.slice(0, syncedFrames))
    for (const frame of read.frames) expect(frame).toEqual(frames[frame.sequence])
    expect(new Set(read.frames.map(({ sequence }) => sequence)).size).toBe(read.frames.length)
  })
  fc.assert(anyCrash, { numRuns: 20_000 })
})

describe('flipped bits', () => {
  test('cost only the frame that they are in, and are detected', () => {
    const lines = fc.array(written, { minLength: 2, maxLength: 10 })
    const anyFlip = fc.property(lines, fc.nat(), fc.integer({ min: 0, max: 7 }), (list, at, bit) => {
      const segment = segmentOf(list)
      const frames = framesOf(list, segment)
      const position = at % (segment.ends.at(-2) ?? 0)
      segment.bytes[position]! ^= 1 << bit
      const hit = segment.ends.findIndex((end) => position < end)
      expect(readFrames(segment.bytes, 0, SEGMENT, { isFinished: true })).toEqual({
        frames: frames.filter(({ sequence }) => sequence !== hit),
        end: segment.bytes.length,
        isTorn: false,
        damages: 1,
      })
    })
    fc.assert(anyFlip, { numRuns: 5_000 })
  })

  test('and any other bytes are read without an error', () => {
    const anyBytes = fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), (bytes, isFinished) => {
      expect(readFrames(Buffer.from(bytes), 0, SEGMENT, { isFinished }).frames).toEqual([])
    })
    fc.assert(anyBytes, { numRuns: 5_000 })
  })
})
