import { join } from 'node:path'
import type { DrainSignals } from '../drain-signals.ts'
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts'
import type { WriterName } from './writer-name.ts'

/** The segments of a journal. Only the last one is written to. */
export interface SegmentChain {
  /**
   * The segment for the next frame: the last one, or a new one if that is large enough. With `mustLook` it is checked first
   * that the files are still ours. Throws what the file system throws.
   */
  next(mustLook: boolean): SegmentWriter
  /** The next segment gets a new name, because the files are no longer ours. */
  startWriter(): void
  /** Never appends to the last segment again. An empty one is kept, because a full disk may have no room for another. */
  abandon(): void
  close(): void
}

export interface SegmentChainOptions {
  readonly folder: string
  readonly name: WriterName
  readonly signals: DrainSignals
  /** A segment ends with the frame that reaches this size. */
  readonly segmentBytes: number
  /** Every frame reaches the disk before `append` returns. */
  readonly isSynced: boolean
}

export function createSegmentChain(options: SegmentChainOptions): SegmentChain {
  const { folder, name, signals, segmentBytes, isSynced } = options
  let segment: SegmentWriter | undefined
  let lastNumber = 0

  const endSegment = () => {
    const ended = segment
    segment = undefined
    // From here on the drain takes the segment for finished.
    lastNumber += 1
    signals.written(lastNumber, 0)
    ended?.close()
  }
  const startWriter = () => {
    if (segment !== undefined) endSegment()
    return name.renew()
  }
  const startSegment = (): SegmentWriter => {
    const writer = name.get() ?? startWriter()
    if (lastNumber === 0) lastNumber = 1
    segment = createSegmentWriter({ directory: join(folder, writer), writer, number: lastNumber, isSynced })
    return segment
  }
  return {
    next(mustLook) {
      if (segment !== undefined && mustLook && !(segment.isInPlace() && name.beat())) startWriter()
      if (segment !== undefined && segment.size() >= segmentBytes) endSegment()
      return segment ?? startSegment()
    },
    startWriter: () => void startWriter(),
    abandon() {
      try {
        if (segment === undefined) name.check()
        else if (segment.isBroken() || segment.size() > 0) endSegment()
      } catch {
        segment = undefined
      }
    },
    close() {
      try {
        if (segment !== undefined) endSegment()
      } catch {
        // Nothing can be done about a file that cannot be closed.
      }
    },
  }
}
