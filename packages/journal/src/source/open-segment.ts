import { type JournalDirectory, segmentName, segmentPath } from '../folder/journal-folder.ts'
import type { DeliveredPosition } from '../journal-target.ts'
import type { OpenStarts } from './open-starts.ts'
import type { RefusedCalls } from './refused-calls.ts'
import { openSegmentFile, readAllFrames, type SegmentFile } from './segment-file.ts'

/** A segment that is being delivered, and how far it is. */
export interface OpenSegment extends DeliveredPosition {
  readonly number: number
  readonly file: SegmentFile
  /** Part of it is stored nowhere else: in the end it is put aside, not deleted. */
  readonly isDamaged: boolean
}

export interface OpenSegmentOptions {
  readonly directory: JournalDirectory
  readonly number: number
  /** What the target has stored of it. */
  readonly stored: DeliveredPosition | undefined
  /** It was written by this process. */
  readonly isOwn: boolean
  readonly starts: OpenStarts
  readonly refused: RefusedCalls
}

const NOTHING_STORED: DeliveredPosition = { offset: 0, stored: 0, deduplicated: 0, rejected: 0 }

/**
 * Opens a segment where its delivery stopped. What was stored before is read again, for the calls in it that have not
 * ended and for the letters that are missing.
 */
export async function openSegment(options: OpenSegmentOptions): Promise<OpenSegment> {
  const { directory, number, stored = NOTHING_STORED, isOwn, starts, refused } = options
  const file = openSegmentFile(segmentPath(directory.path, number), segmentName(directory.writer, number), isOwn)
  try {
    // A file that is shorter than what is stored of it has lost its end in a power cut; the rows are still there.
    const offset = Math.min(stored.offset, file.size())
    const { frames, damages } = readAllFrames(file, 0, offset)
    const lines = starts.follow(frames, number)
    const isKept = await refused.keepMissing(lines, stored.rejected)
    return { ...stored, offset, number, file, isDamaged: damages > 0 || !isKept }
  } catch (error) {
    file.close()
    throw error
  }
}
