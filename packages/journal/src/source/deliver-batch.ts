import { type JournalDirectory, segmentName } from '../folder/journal-folder.ts'
import type { Delivery, JournalTarget } from '../journal-target.ts'
import type { OpenSegment } from './open-segment.ts'
import type { OpenStarts } from './open-starts.ts'
import { NO_DELIVERY } from './source-listener.ts'

export interface DeliverBatchOptions {
  readonly directory: JournalDirectory
  readonly target: JournalTarget
  readonly starts: OpenStarts
  readonly maxRows: number
}

/** What became of a batch, and the segment after it. */
export interface DeliveredBatch {
  readonly delivery: Delivery
  readonly segment: OpenSegment
}

const MAX_BATCH_BYTES = 4 * 1024 * 1024

/** Delivers the next calls of a segment, of the bytes before `end`. After a rejection the same batch can be delivered again. */
export async function deliverBatch(
  segment: OpenSegment,
  end: number,
  { directory, target, starts, maxRows }: DeliverBatchOptions,
): Promise<DeliveredBatch> {
  const list = segment.file.read(segment.offset, end, { maxFrames: maxRows, maxBytes: MAX_BATCH_BYTES })
  const lines = starts.follow(list.frames, segment.number)
  const position = { segment: segmentName(directory.writer, segment.number), offset: list.end }
  const delivery = lines.length === 0 ? NO_DELIVERY : await target.deliver({ lines, position })
  return {
    delivery,
    segment: {
      ...segment,
      offset: list.end,
      stored: segment.stored + delivery.stored,
      deduplicated: segment.deduplicated + delivery.deduplicated,
      rejected: segment.rejected + delivery.rejected.length,
      isDamaged: segment.isDamaged || list.damages > 0,
    },
  }
}
