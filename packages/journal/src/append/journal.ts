import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DrainSignals } from '../drain-signals.ts'
import { type FrameKind, MAX_LINE_BYTES } from '../frames/frame.ts'
import { isDiskFull } from '../folder/file-errors.ts'
import { makeJournalFolder, newWriterName } from '../folder/journal-folder.ts'
import { beatLease, LEASE_BEAT_MS, releaseLease, takeLease } from '../leases/lease.ts'
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts'

/** What a line that was appended survives: the end of the process, or the end of power as well. */
export type JournalDurability = 'process' | 'power'

export interface JournalOptions {
  /** Made if it is missing, with rights for this user only; the folder above it must be there. */
  readonly folder: string
  /** What the draining thread sees of this one. */
  readonly signals: DrainSignals
  /** `process` by default. */
  readonly durability?: JournalDurability | undefined
  /** How much the folder may hold, of all processes that share it; 512 MB by default. */
  readonly maxBytes?: number | undefined
  /** What goes when it is full; the newest call by default. For `drop-oldest` the drain has to be told: see `onFull`. */
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** A segment ends with the frame that reaches this size; 4 MB by default. */
  readonly segmentBytes?: number | undefined
  /** Called with a name before anything is written under it: the first, and another one when the files of the last were adopted. */
  readonly onWriter: (writer: string) => void
  /** The oldest segments have to go. */
  readonly onFull?: (() => void) | undefined
}

/** Why a line was not taken. */
export type AppendFailure = 'journal_full' | 'disk_full' | 'journal_failed' | 'too_large'

/** What became of a line: nothing if it is in the journal, else why not. */
export interface AppendProblem {
  readonly reason: AppendFailure
  readonly message: string
}

/** Where a journal stands: everything that was appended before lies before it. */
export interface JournalMark {
  readonly writer: string
  readonly number: number
  readonly offset: number
}

/** The writing end of a journal. Whoever makes it closes it. */
export interface Journal {
  /**
   * Appends a call line. When it returns nothing, the line survives what `durability` says. Synchronous, a few
   * microseconds; never throws.
   */
  append(kind: FrameKind, line: string): AppendProblem | undefined
  /** The next line goes into a new segment. */
  rotate(): void
  /** Nothing before the first line. */
  mark(): JournalMark | undefined
  /** What the folder holds, as far as is known here. */
  usedBytes(): number
  /** Closes the segment; the lease stays, for whoever drains what is left. */
  close(): void
  /** Gives up the lease: another process may adopt what is left. After `close`. */
  release(): void
}

export const DEFAULT_MAX_BYTES = 512 * 1024 * 1024
const DEFAULT_SEGMENT_BYTES = 4 * 1024 * 1024
const LEAST_SEGMENTS = 8
/** `drop-oldest` goes over the limit by so much while the drain makes room. */
const OVERDRAFT = 1.1
// So often it is checked that the files are still ours. A process that was frozen for longer has to look first.
const CHECK_MS = 1_000

/** Starts a journal; throws if its folder cannot be made. Files come with the first line. */
export function createJournal(options: JournalOptions): Journal {
  const { folder, signals, onWriter, onFull, durability = 'process', maxBytes = DEFAULT_MAX_BYTES } = options
  const segmentBytes = Math.min(options.segmentBytes ?? DEFAULT_SEGMENT_BYTES, Math.ceil(maxBytes / LEAST_SEGMENTS))
  const limit = options.whenFull === 'drop-oldest' ? maxBytes * OVERDRAFT : maxBytes
  makeJournalFolder(folder)
  let writer: string | undefined
  let segment: SegmentWriter | undefined
  let lastNumber = 0
  let appendedBytes = 0
  let measures = 0
  const check = createFreshness(CHECK_MS)
  const beat = createFreshness(LEASE_BEAT_MS)

  const usedBytes = () => {
    const measure = signals.lastMeasure()
    if (measure.count !== measures) {
      measures = measure.count
      appendedBytes = 0
    }
    return measure.bytes + appendedBytes
  }

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
    const name = newWriterName()
    // Somebody may have tidied up.
    makeJournalFolder(folder)
    takeLease(folder, name)
    mkdirSync(join(folder, name), { mode: 0o700 })
    onWriter(name)
    writer = name
    return name
  }

  const startSegment = (): SegmentWriter => {
    const name = writer ?? startWriter()
    if (lastNumber === 0) lastNumber = 1
    const options = { directory: join(folder, name), writer: name, number: lastNumber }
    segment = createSegmentWriter({ ...options, isSynced: durability === 'power' })
    return segment
  }

  const isOurs = () => writer !== undefined && segment?.isInPlace() === true && beatLease(folder, writer)

  const write = (kind: FrameKind, line: string, isSecond = false): boolean => {
    const isStale = check.isOver()
    if (segment !== undefined && isStale && !isOurs()) startWriter()
    if (segment !== undefined && segment.size() >= segmentBytes) endSegment()
    const current = segment ?? startSegment()
    const bytes = current.append(kind, line)
    if (bytes === undefined) return false
    // Frozen between the look and the write, or judged dead just when we looked: the frame may lie where nobody reads it.
    if (!isSecond && (isStale || check.isOver()) && !current.isInPlace()) {
      startWriter()
      return write(kind, line, true)
    }
    if (isStale) check.renew()
    appendedBytes += bytes
    signals.written(current.number, current.size())
    if (beat.isOver() && writer !== undefined && beatLease(folder, writer)) beat.renew()
    return true
  }

  const writeOrRotate = (kind: FrameKind, line: string): boolean => {
    try {
      return write(kind, line)
    } catch (error) {
      abandonSegment()
      if (isDiskFull(error)) throw error
      return write(kind, line)
    }
  }

  // What an error has left of a segment is drained; nothing is appended behind it. An empty one on a full disk can be kept.
  const abandonSegment = () => {
    try {
      if (segment === undefined) {
        // The directory may be gone, with the lease or without it.
        if (writer !== undefined && !(existsSync(join(folder, writer)) && beatLease(folder, writer))) writer = undefined
      } else if (segment.isBroken() || segment.size() > 0) endSegment()
    } catch {
      segment = undefined
    }
  }

  return {
    append(kind, line) {
      if (usedBytes() >= maxBytes) {
        onFull?.()
        if (usedBytes() >= limit) return { reason: 'journal_full', message: `the journal holds ${maxBytes} bytes` }
      }
      try {
        if (writeOrRotate(kind, line)) return undefined
        return { reason: 'too_large', message: `the call is larger than ${MAX_LINE_BYTES} bytes` }
      } catch (error) {
        const reason = isDiskFull(error) ? 'disk_full' : 'journal_failed'
        return { reason, message: error instanceof Error ? error.message : String(error) }
      }
    },
    rotate: abandonSegment,
    mark: () => (writer === undefined ? undefined : { writer, ...signals.lastWritten() }),
    usedBytes,
    close() {
      try {
        if (segment !== undefined) endSegment()
      } catch {
        // Closing a file tells of nothing that we could still change.
      }
    },
    release() {
      if (writer === undefined) return
      try {
        rmdirSync(join(folder, writer))
      } catch {
        // Not empty: whoever adopts it drains it first.
      }
      releaseLease(folder, writer)
    },
  }
}

/** Whether a time has passed since the last renewal, by the clock that stands still while a machine sleeps or by the other. */
function createFreshness(ms: number): { isOver(): boolean; renew(): void } {
  let steadyMs = -Infinity
  let wallMs = 0
  return {
    isOver: () => performance.now() - steadyMs >= ms || Math.abs(Date.now() - wallMs) >= ms,
    renew() {
      steadyMs = performance.now()
      wallMs = Date.now()
    },
  }
}
