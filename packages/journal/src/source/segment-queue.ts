import { type JournalDirectory, listSegments, segmentName } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'
import { type OpenSegment, openSegment } from './open-segment.ts'
import type { OpenStarts } from './open-starts.ts'
import type { RefusedCalls } from './refused-calls.ts'
import { progressOf, type SourceListener } from './source-listener.ts'

/** The segments of a directory, oldest first. Only the oldest is open. */
export interface SegmentQueue {
  /** The oldest segment that was not left, opened where its delivery stopped. Undefined if there is none. */
  oldest(position?: JournalTarget['position']): Promise<OpenSegment | undefined>
  /** The segment that is open now, if any. */
  opened(): OpenSegment | undefined
  /** The open segment is delivered further. */
  advance(segment: OpenSegment): void
  /** Closes the open segment for good. It is not opened again, even if its file cannot be deleted. */
  leave(number: number): void
  /** Closes the open segment. It is opened again where the target says that its delivery stopped. */
  close(): void
}

export interface SegmentQueueOptions {
  readonly directory: JournalDirectory
  readonly target: JournalTarget
  readonly listener: SourceListener
  readonly starts: OpenStarts
  readonly refused: RefusedCalls
  /** The segments were written by this process. */
  readonly isOwn: boolean
}

export function createSegmentQueue(options: SegmentQueueOptions): SegmentQueue {
  const { directory, target, listener, starts, refused, isOwn } = options
  const left = new Set<number>()
  let open: OpenSegment | undefined

  const openOldest = async (position: JournalTarget['position']): Promise<OpenSegment | undefined> => {
    const number = listSegments(directory.path).find((candidate) => !left.has(candidate))
    if (number === undefined) return undefined
    const stored = await position(segmentName(directory.writer, number))
    const segment = await openSegment({ directory, number, stored, isOwn, starts, refused })
    if (stored !== undefined && stored.offset > 0) listener.onProgress(progressOf(segment))
    return segment
  }
  const close = () => {
    const closed = open
    open = undefined
    closed?.file.close()
  }
  return {
    async oldest(position = target.position) {
      open ??= await openOldest(position)
      return open
    },
    opened: () => open,
    advance(segment) {
      open = segment
    },
    leave(number) {
      left.add(number)
      close()
    },
    close,
  }
}
