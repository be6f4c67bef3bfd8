import { renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createDeadLetterBox, type DeadLetterBox } from '../letters/dead-letter-box.ts'
import type { Frame } from '../frames/frame.ts'
import { isCode, isDiskFull } from '../folder/file-errors.ts'
import {
  type JournalDirectory,
  listForeignFiles,
  listSegments,
  QUARANTINED_SUFFIX,
  segmentName,
  segmentPath,
} from '../folder/journal-folder.ts'
import type { DeliveredPosition, Delivery, JournalTarget, RejectedLine } from '../journal-target.ts'
import { createOpenStarts } from './open-starts.ts'
import { openSegmentFile, type SegmentFile } from './segment-file.ts'

/** The segments of one writer, on their way to the target, in their order. */
export interface JournalSource {
  readonly directory: JournalDirectory
  /**
   * Delivers the next batch. `delivered`: there may be more. `empty`: nothing more as far as has been written. `gone`:
   * somebody else has adopted it. Rejects when the target could not store it; the same batch comes again then.
   */
  step(): Promise<'delivered' | 'empty' | 'gone'>
  /** Makes rows of the starts that have no end, and removes what is left of the directory. */
  finish(status: 'abandoned' | 'crashed'): Promise<void>
  /** Makes room: deletes the oldest segment that nobody writes to any more. False if there is none. */
  dropOldest(): Promise<boolean>
  /** Brings what has been written to the disk; throws if that failed. */
  sync(): void
  close(): void
}

export interface JournalSourceOptions {
  readonly directory: JournalDirectory
  readonly target: JournalTarget
  readonly listener: SourceListener
  readonly maxRows: number
  /** That of the folder; its sources may share one, so that its letters are read once. */
  readonly letters?: DeadLetterBox | undefined
  /** How far the writer is; nothing if there is no writer any more. */
  readonly lastWritten?: (() => { readonly number: number; readonly offset: number }) | undefined
}

/** What a source tells of. */
export interface SourceListener {
  onProgress(segment: SourceProgress): void
  onQuarantined(file: string): void
  onCrashed(calls: number): void
}

/** What became of a segment so far. */
export interface SourceProgress extends DeliveredPosition {
  readonly number: number
  /** What was delivered just now. */
  readonly delivery: Delivery
  readonly dropped: number
  readonly isDone: boolean
}

interface OpenSegment extends DeliveredPosition {
  readonly number: number
  readonly file: SegmentFile
  /** It holds something that is nowhere else: it is put aside in the end, not deleted. */
  readonly isDamaged: boolean
}

const MAX_BATCH_BYTES = 4 * 1024 * 1024
const NO_DELIVERY: Delivery = { stored: 0, deduplicated: 0, rejected: [] }

export function createJournalSource(options: JournalSourceOptions): JournalSource {
  const { directory, target, listener, maxRows, lastWritten } = options
  const folder = dirname(directory.path)
  const starts = createOpenStarts(directory.path, directory.writer)
  const { letters = createDeadLetterBox(folder) } = options
  const done = new Set<number>()
  let open: OpenSegment | undefined
  let forgotten: string[] = []

  const nameOf = (number: number) => segmentName(directory.writer, number)
  const tell = (segment: OpenSegment, given: Partial<SourceProgress> = {}) => {
    const { number, offset, stored, deduplicated, rejected } = segment
    const progress = { number, offset, stored, deduplicated, rejected, dropped: 0, isDone: false }
    listener.onProgress({ ...progress, delivery: NO_DELIVERY, ...given })
  }

  const openNext = async (position = target.position): Promise<OpenSegment | undefined> => {
    const number = listSegments(directory.path).find((candidate) => !done.has(candidate))
    if (number === undefined) return undefined
    const known = (await position(nameOf(number))) ?? { offset: 0, stored: 0, deduplicated: 0, rejected: 0 }
    const file = openSegmentFile(segmentPath(directory.path, number), nameOf(number), lastWritten !== undefined)
    // A file that is shorter than what is stored of it has lost its end to a power cut; the rows have not.
    const offset = Math.min(known.offset, file.size())
    const { frames, damages } = readAll(file, 0, offset)
    for (const { kind, line } of frames) {
      if (kind === 'start') starts.started(line, number)
      else starts.ended(line)
    }
    let isKept: boolean
    try {
      isKept = await keepMissingLetters(frames, known.rejected)
    } catch (error) {
      file.close()
      throw error
    }
    const segment = { ...known, offset, number, file, isDamaged: damages > 0 || !isKept }
    if (known.offset > 0) tell(segment)
    return segment
  }

  // Whoever died between the storing of a batch and its letters has left none. Delivered once more, what is stored stays as
  // it is, and what was refused is refused again.
  const keepMissingLetters = async (frames: readonly Frame[], rejected: number): Promise<boolean> => {
    const lines = frames.flatMap(({ kind, line }) => (kind === 'call' ? [line] : []))
    if (rejected === 0 || letters.countOf(lines) >= rejected) return true
    let isKept = true
    for (let from = 0; from < lines.length; from += maxRows) {
      const delivery = await target.deliver({ lines: lines.slice(from, from + maxRows) })
      isKept = keepIfRoom(delivery.rejected) && isKept
    }
    return isKept
  }

  // Only the drain makes room on a full disk: it must not wait for a letter. The segment keeps the call; put aside, which
  // takes no room, it does so for good.
  const keepIfRoom = (rejected: readonly RejectedLine[]): boolean => {
    try {
      letters.keep(rejected)
      return true
    } catch (error) {
      if (!isDiskFull(error)) throw error
      return false
    }
  }

  const keepLetters = ({ file }: OpenSegment, rejected: readonly RejectedLine[]): boolean => {
    try {
      return keepIfRoom(rejected)
    } catch (error) {
      // Its position is stored without them: it has to be opened anew, which finds that out.
      file.close()
      open = undefined
      throw error
    }
  }

  // Where the frames of a segment end, and whether more may follow.
  const endOf = ({ number, file }: OpenSegment) => {
    const last = lastWritten?.()
    return last?.number === number ? { end: last.offset, isFinished: false } : { end: file.size(), isFinished: true }
  }

  const deliverFrom = async (segment: OpenSegment, end: number): Promise<OpenSegment> => {
    const list = segment.file.read(segment.offset, end, { maxFrames: maxRows, maxBytes: MAX_BATCH_BYTES })
    const lines: string[] = []
    for (const { kind, line } of list.frames) {
      if (kind === 'start') starts.started(line, segment.number)
      else {
        starts.ended(line)
        lines.push(line)
      }
    }
    const position = { segment: nameOf(segment.number), offset: list.end }
    const delivery = lines.length === 0 ? NO_DELIVERY : await target.deliver({ lines, position })
    const isKept = keepLetters(segment, delivery.rejected)
    const delivered = {
      ...segment,
      offset: list.end,
      stored: segment.stored + delivery.stored,
      deduplicated: segment.deduplicated + delivery.deduplicated,
      rejected: segment.rejected + delivery.rejected.length,
      isDamaged: segment.isDamaged || list.damages > 0 || !isKept,
    }
    tell(delivered, { delivery })
    return delivered
  }

  // The order counts: told before it is deleted, or the counts of a drain that dies in between are lost with the file;
  // deleted before its position is forgotten, or its calls come again.
  const retire = async (segment: OpenSegment) => {
    starts.carry(segment.number)
    tell(segment, { isDone: true })
    done.add(segment.number)
    open = undefined
    segment.file.close()
    const path = segmentPath(directory.path, segment.number)
    if (segment.isDamaged) quarantine(path)
    else rmSync(path, { force: true })
    await forget(segment.number)
  }

  // One that fails now goes with the next.
  const forget = async (number: number) => {
    forgotten.push(nameOf(number))
    await target.forget(forgotten)
    forgotten = []
  }

  const quarantine = (path: string) => {
    const file = join(folder, `${directory.writer}.${basename(path)}${QUARANTINED_SUFFIX}`)
    renameSync(path, file)
    listener.onQuarantined(file)
  }

  const step = async (): Promise<'delivered' | 'empty'> => {
    open ??= await openNext()
    if (open === undefined) return 'empty'
    const { end, isFinished } = endOf(open)
    if (open.offset < end) {
      open = await deliverFrom(open, end)
      const overflow = starts.takeOverflow()
      if (overflow.length > 0) letters.keep((await target.deliver({ lines: overflow })).rejected)
      return 'delivered'
    }
    if (!isFinished) return 'empty'
    await retire(open)
    return 'delivered'
  }

  return {
    directory,
    async step() {
      try {
        return await step()
      } catch (error) {
        if (!isCode(error, 'ENOENT') || listSegments(directory.path).length > 0) throw error
        return 'gone'
      }
    },
    async finish(status) {
      const rows = starts.take(status)
      for (let from = 0; from < rows.length; from += maxRows) {
        const { rejected } = await target.deliver({ lines: rows.slice(from, from + maxRows) })
        letters.keep(rejected)
      }
      if (rows.length > 0) listener.onCrashed(rows.length)
      starts.clear()
      for (const name of listForeignFiles(directory.path)) quarantine(join(directory.path, name))
      try {
        rmdirSync(directory.path)
      } catch {
        // Gone already, or something lies in it that is not ours.
      }
    },
    async dropOldest() {
      const last = lastWritten?.().number ?? Infinity
      // The database may be away. Calls of this segment that it holds all the same count as dropped, then.
      open ??= await openNext((segment) => target.position(segment).catch(() => undefined))
      if (open === undefined || open.number >= last) return false
      const { frames } = readAll(open.file, open.offset, open.file.size())
      const dropped = frames.filter(({ kind }) => kind === 'call').length
      const { number, file } = open
      tell(open, { dropped, isDone: true })
      done.add(number)
      open = undefined
      file.close()
      rmSync(segmentPath(directory.path, number), { force: true })
      await forget(number).catch(() => {})
      return true
    },
    sync: () => open?.file.sync(),
    close() {
      open?.file.close()
      open = undefined
    },
  }
}

// One reading is not always all of it.
function readAll(file: SegmentFile, from: number, end: number) {
  const frames: Frame[] = []
  let damages = 0
  for (let at = from; at < end;) {
    const list = file.read(at, end, {})
    if (list.end === at) break
    for (const frame of list.frames) frames.push(frame)
    damages += list.damages
    at = list.end
  }
  return { frames, damages }
}
