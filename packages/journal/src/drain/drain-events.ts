import type { RejectedLine } from '../journal-target.ts'

/** What a drain tells. Plain data, so that it can go from one thread to another. */
export type DrainEvent =
  | SegmentProgress
  /** A delivery failed and is tried again. */
  | { readonly type: 'failed'; readonly message: string }
  /** Nothing is left to deliver, as far as has been written. */
  | { readonly type: 'idle' }
  /** A file with something in it that is no frame was renamed; what else it held is delivered. */
  | { readonly type: 'quarantined'; readonly file: string }
  /** What other processes left behind: calls delivered since the last of these events. */
  | { readonly type: 'adopted'; readonly outcome: AdoptedOutcome }
  /** A segment could not be synced to the disk; nothing more should be written to it. */
  | { readonly type: 'sync-failed'; readonly message: string }

/** How far a segment of this process is stored, and what became of its calls from its beginning on. */
export interface SegmentProgress {
  readonly type: 'progress'
  readonly writer: string
  readonly number: number
  readonly offset: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
  /** Calls that made room for newer ones. */
  readonly dropped: number
  /** Why calls of the last batch were rejected. */
  readonly rejections: readonly Omit<RejectedLine, 'line'>[]
  /** The segment is delivered to its end and will not be heard of again. */
  readonly isDone: boolean
}

/** What became of the calls of dead processes. */
export interface AdoptedOutcome {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
  readonly dropped: number
  /** Calls that had started when their process died. */
  readonly crashed: number
}
