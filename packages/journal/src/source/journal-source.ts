import { dirname } from 'node:path'
import { isCode } from '../folder/file-errors.ts'
import { type JournalDirectory, listSegments } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'
import { createDeadLetterBox, type DeadLetterBox } from '../letters/dead-letter-box.ts'
import type { OpenSegment } from './open-segment.ts'
import { createOpenStarts } from './open-starts.ts'
import { createRefusedCalls } from './refused-calls.ts'
import { createSegmentDelivery } from './segment-delivery.ts'
import { createSegmentQueue } from './segment-queue.ts'
import { deleteDirectory, putForeignFilesAside } from './source-files.ts'
import type { SourceListener } from './source-listener.ts'
import { createUnfinishedCalls } from './unfinished-calls.ts'

/** Delivers the segments of one writer to the target, oldest first. */
export interface JournalSource {
  readonly directory: JournalDirectory
  /**
   * Delivers the next batch, or removes a segment that is delivered to its end. `delivered`: there may be more. `empty`:
   * everything is delivered that has been written. `gone`: another process has adopted the directory. Rejects when the
   * target could not store the batch; the next call delivers the same batch again.
   */
  deliverNext(): Promise<'delivered' | 'empty' | 'gone'>
  /** Delivers calls that have started and not ended, with this status, and removes what is left of the directory. */
  finish(status: 'abandoned' | 'crashed'): Promise<void>
  /** Makes room: deletes the oldest segment, unless it is still written to. False if there is none to delete. */
  dropOldest(): Promise<boolean>
  /** Syncs the segment that is being delivered to the disk; throws if that failed. */
  sync(): void
  close(): void
}

export interface JournalSourceOptions {
  readonly directory: JournalDirectory
  readonly target: JournalTarget
  readonly listener: SourceListener
  /** Calls of one batch at most. */
  readonly maxRows: number
  /** The letters of the folder. Sources of one folder may share them, so that they are read only once. */
  readonly letters?: DeadLetterBox | undefined
  /** How far the writer of this process is; absent if the writer is dead. */
  readonly lastWritten?: (() => { readonly number: number; readonly offset: number }) | undefined
}

export function createJournalSource(options: JournalSourceOptions): JournalSource {
  const { directory, target, listener, maxRows, lastWritten } = options
  const { letters = createDeadLetterBox(dirname(directory.path)) } = options
  const starts = createOpenStarts(directory.path, directory.writer)
  const unfinished = createUnfinishedCalls({ starts, target, letters, maxRows })
  const refused = createRefusedCalls({ letters, target, maxRows })
  const queue = createSegmentQueue({ ...options, starts, refused, isOwn: lastWritten !== undefined })
  const delivery = createSegmentDelivery({ ...options, starts, refused, queue })

  const deliverNext = async (): Promise<'delivered' | 'empty'> => {
    const segment = await queue.oldest()
    if (segment === undefined) return 'empty'
    const { end, isWritten } = endOf(segment, lastWritten?.())
    if (segment.offset < end) {
      await delivery.deliver(segment, end)
      await unfinished.deliverOverflow()
      return 'delivered'
    }
    if (!isWritten) return 'empty'
    await delivery.retire(segment)
    return 'delivered'
  }

  return {
    directory,
    async deliverNext() {
      try {
        return await deliverNext()
      } catch (error) {
        if (!isCode(error, 'ENOENT') || listSegments(directory.path).length > 0) throw error
        return 'gone'
      }
    },
    async finish(status) {
      const count = await unfinished.deliverAll(status)
      if (count > 0) listener.onUnfinished(count)
      starts.clear()
      putForeignFilesAside(directory, listener.onQuarantined)
      deleteDirectory(directory)
    },
    async dropOldest() {
      const last = lastWritten?.().number ?? Infinity
      // The database may be away. Then calls of this segment that it has stored count as dropped too.
      const segment = await queue.oldest((name) => target.position(name).catch(() => undefined))
      if (segment === undefined || segment.number >= last) return false
      await delivery.drop(segment)
      return true
    },
    sync: () => queue.opened()?.file.sync(),
    close: queue.close,
  }
}

// Where the frames of a segment end, and whether no more can follow.
function endOf({ number, file }: OpenSegment, last: { readonly number: number; readonly offset: number } | undefined) {
  return last?.number === number ? { end: last.offset, isWritten: false } : { end: file.size(), isWritten: true }
}
