import type { JournalDirectory } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'
import { deliverBatch } from './deliver-batch.ts'
import { createForgottenPositions } from './forgotten-positions.ts'
import type { OpenSegment } from './open-segment.ts'
import type { OpenStarts } from './open-starts.ts'
import type { RefusedCalls } from './refused-calls.ts'
import { readAllFrames } from './segment-file.ts'
import type { SegmentQueue } from './segment-queue.ts'
import { deleteSegment, putSegmentAside } from './source-files.ts'
import { progressOf, type SourceListener } from './source-listener.ts'

/** What can happen to the open segment of a queue. */
export interface SegmentDelivery {
  /** Delivers its next batch, of the bytes before `end`. */
  deliver(segment: OpenSegment, end: number): Promise<void>
  /** Removes it: it is delivered to its end. */
  retire(segment: OpenSegment): Promise<void>
  /** Deletes it with all calls that are not delivered, and counts them as dropped. */
  drop(segment: OpenSegment): Promise<void>
}

export interface SegmentDeliveryOptions {
  readonly directory: JournalDirectory
  readonly target: JournalTarget
  readonly listener: SourceListener
  readonly starts: OpenStarts
  readonly refused: RefusedCalls
  readonly queue: SegmentQueue
  readonly maxRows: number
}

export function createSegmentDelivery(options: SegmentDeliveryOptions): SegmentDelivery {
  const { directory, target, listener, starts, refused, queue } = options
  const positions = createForgottenPositions(target, directory.writer)
  const keepRefused: RefusedCalls['keep'] = (rejected) => {
    try {
      return refused.keep(rejected)
    } catch (error) {
      // The position of the batch is stored, and its letters are not: they are found missing when it is opened again.
      queue.close()
      throw error
    }
  }
  return {
    async deliver(segment, end) {
      const batch = await deliverBatch(segment, end, options)
      const isKept = keepRefused(batch.delivery.rejected)
      const delivered = isKept ? batch.segment : { ...batch.segment, isDamaged: true }
      listener.onProgress(progressOf(delivered, { delivery: batch.delivery }))
      queue.advance(delivered)
    },
    // The order counts. Reported before it is deleted: otherwise a drain that dies in between loses the counts with the
    // file. Deleted before its position is forgotten: otherwise its calls are delivered again.
    async retire(segment) {
      starts.carry(segment.number)
      listener.onProgress(progressOf(segment, { isDone: true }))
      queue.leave(segment.number)
      if (segment.isDamaged) listener.onQuarantined(putSegmentAside(directory, segment.number))
      else deleteSegment(directory, segment.number)
      await positions.forget(segment.number)
    },
    async drop(segment) {
      listener.onProgress(progressOf(segment, { dropped: callsAfter(segment), isDone: true }))
      queue.leave(segment.number)
      deleteSegment(directory, segment.number)
      await positions.forget(segment.number).catch(() => {})
    },
  }
}

// How many calls of it are not delivered.
function callsAfter({ file, offset }: OpenSegment): number {
  return readAllFrames(file, offset, file.size()).frames.filter(({ kind }) => kind === 'call').length
}
