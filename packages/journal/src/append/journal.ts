import { errorMessageOf } from '@spanledger/core'
import type { DrainSignals } from '../drain-signals.ts'
import { isDiskFull } from '../folder/file-errors.ts'
import { makeJournalFolder } from '../folder/journal-folder.ts'
import { type FrameKind, MAX_LINE_BYTES } from '../frames/frame.ts'
import { createLineWriter } from './line-writer.ts'
import { createSegmentChain } from './segment-chain.ts'
import { createUsedBytes } from './used-bytes.ts'
import { createWriterName } from './writer-name.ts'

/** What an appended line survives: the end of the process, or a power cut too. */
export type JournalDurability = 'process' | 'power'

export interface JournalOptions {
  /** Made if it is missing, for this user only. The folder above it must exist. */
  readonly folder: string
  /** Shared with the drain, which may run in another thread. */
  readonly signals: DrainSignals
  /** `process` by default. */
  readonly durability?: JournalDurability | undefined
  /** How much the folder may hold, with the calls of all processes that share it; 512 MB by default. */
  readonly maxBytes?: number | undefined
  /** What is dropped when it is full; the newest call by default. `drop-oldest` needs the drain: see `onFull`. */
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** A segment ends with the frame that reaches this size; 4 MB by default. */
  readonly segmentBytes?: number | undefined
  /** Called with a name before anything is written under it: the first, and a new one whenever the files were adopted. */
  readonly onWriter: (writer: string) => void
  /** Called when the oldest segments must be dropped. */
  readonly onFull?: (() => void) | undefined
}

/** Why a line is not in the journal. */
export type AppendFailure = 'journal_full' | 'disk_full' | 'journal_failed' | 'too_large'

/** A line that is not in the journal, and why. */
export interface AppendProblem {
  readonly reason: AppendFailure
  readonly message: string
}

/** A position in a journal: everything that was appended so far lies before it. */
export interface JournalMark {
  readonly writer: string
  readonly number: number
  readonly offset: number
}

/** The writing end of a journal. The code that makes it closes it. */
export interface Journal {
  /**
   * Appends a call line. Returns undefined if the line now survives what `durability` says. Synchronous, takes a few
   * microseconds, never throws.
   */
  append(kind: FrameKind, line: string): AppendProblem | undefined
  /** The next line goes into a new segment. */
  rotate(): void
  /** Where the journal is now; undefined before the first line. */
  mark(): JournalMark | undefined
  /** How many bytes the folder holds, as far as this process knows. */
  usedBytes(): number
  /** Closes the segment. The lease stays, so that the drain can deliver what is left. */
  close(): void
  /** Gives up the lease, so that another process can adopt what is left. Call it after `close`. */
  release(): void
}

/** 512 MB. */
export const DEFAULT_MAX_BYTES = 512 * 1024 * 1024
const DEFAULT_SEGMENT_BYTES = 4 * 1024 * 1024
const LEAST_SEGMENTS = 8
/** `drop-oldest` may exceed the limit by this much while the drain makes room. */
const OVERDRAFT = 1.1

/** Starts a journal. Throws if its folder cannot be made. Files are made with the first line. */
export function createJournal(options: JournalOptions): Journal {
  const { folder, signals, onWriter, onFull, maxBytes = DEFAULT_MAX_BYTES } = options
  const segmentBytes = Math.min(options.segmentBytes ?? DEFAULT_SEGMENT_BYTES, Math.ceil(maxBytes / LEAST_SEGMENTS))
  const limit = options.whenFull === 'drop-oldest' ? maxBytes * OVERDRAFT : maxBytes
  const isSynced = options.durability === 'power'
  makeJournalFolder(folder)
  const name = createWriterName(folder, onWriter)
  const segments = createSegmentChain({ folder, name, signals, segmentBytes, isSynced })
  const used = createUsedBytes(signals)
  const lines = createLineWriter({ segments, name, signals, used })
  return {
    append(kind, line) {
      if (used.bytes() >= maxBytes) {
        onFull?.()
        if (used.bytes() >= limit) return { reason: 'journal_full', message: `the journal holds ${maxBytes} bytes` }
      }
      try {
        if (lines.write(kind, line)) return undefined
        return { reason: 'too_large', message: `the call is larger than ${MAX_LINE_BYTES} bytes` }
      } catch (error) {
        return { reason: isDiskFull(error) ? 'disk_full' : 'journal_failed', message: errorMessageOf(error) }
      }
    },
    rotate: segments.abandon,
    mark() {
      const writer = name.get()
      return writer === undefined ? undefined : { writer, ...signals.lastWritten() }
    },
    usedBytes: used.bytes,
    close: segments.close,
    release: name.release,
  }
}
