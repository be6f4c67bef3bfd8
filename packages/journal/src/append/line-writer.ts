import type { DrainSignals } from '../drain-signals.ts'
import { isDiskFull } from '../folder/file-errors.ts'
import type { FrameKind } from '../frames/frame.ts'
import { LEASE_BEAT_MS } from '../leases/lease.ts'
import { createFreshness } from './freshness.ts'
import type { SegmentChain } from './segment-chain.ts'
import type { UsedBytes } from './used-bytes.ts'
import type { WriterName } from './writer-name.ts'

/** Writes lines to the end of a chain of segments, where the drain finds them. */
export interface LineWriter {
  /** False if the line is too long. Throws what the file system throws; no part of the line remains then. */
  write(kind: FrameKind, line: string): boolean
}

export interface LineWriterOptions {
  readonly segments: SegmentChain
  readonly name: WriterName
  readonly signals: DrainSignals
  readonly used: UsedBytes
}

// How often it is checked that the files are still ours. A process that was frozen for longer looks before it writes.
const CHECK_MS = 1_000

export function createLineWriter({ segments, name, signals, used }: LineWriterOptions): LineWriter {
  const check = createFreshness(CHECK_MS)
  const lease = createFreshness(LEASE_BEAT_MS)

  const writeOnce = (kind: FrameKind, line: string, isSecond = false): boolean => {
    const isStale = check.isOver()
    const segment = segments.next(isStale)
    const bytes = segment.append(kind, line)
    if (bytes === undefined) return false
    // The process was frozen between the look and the write, or it was judged dead at that moment: the frame may lie where
    // nobody reads it.
    if (!isSecond && (isStale || check.isOver()) && !segment.isInPlace()) {
      segments.startWriter()
      return writeOnce(kind, line, true)
    }
    if (isStale) check.renew()
    used.appended(bytes)
    signals.written(segment.number, segment.size())
    if (lease.isOver() && name.beat()) lease.renew()
    return true
  }

  return {
    write(kind, line) {
      try {
        return writeOnce(kind, line)
      } catch (error) {
        // What is whole in the segment is drained. Nothing is appended behind what an error has left.
        segments.abandon()
        if (isDiskFull(error)) throw error
        return writeOnce(kind, line)
      }
    },
  }
}
