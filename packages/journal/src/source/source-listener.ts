import type { DeliveredPosition, Delivery } from '../journal-target.ts'
import type { OpenSegment } from './open-segment.ts'

/** Is called with what happens to the segments of a source. */
export interface SourceListener {
  onProgress(progress: SourceProgress): void
  /** A file was set aside, because part of it is stored nowhere else. */
  onQuarantined(file: string): void
  /** This many calls had started and will never end. */
  onUnfinished(calls: number): void
}

/** How far a segment is stored. */
export interface SourceProgress extends DeliveredPosition {
  readonly number: number
  /** What became of the last batch. */
  readonly delivery: Delivery
  /** Calls that made room for newer ones. */
  readonly dropped: number
  /** Nothing more of this segment will be delivered. */
  readonly isDone: boolean
}

/** The delivery of a batch without calls. */
export const NO_DELIVERY: Delivery = { stored: 0, deduplicated: 0, rejected: [] }

/** The progress of a segment, with what has just happened to it. */
export function progressOf(segment: OpenSegment, event: Partial<SourceProgress> = {}): SourceProgress {
  const { number, offset, stored, deduplicated, rejected } = segment
  const progress = { number, offset, stored, deduplicated, rejected, dropped: 0, isDone: false }
  return { ...progress, delivery: NO_DELIVERY, ...event }
}
