import type { RejectedLine } from '../journal-target.ts'

/** What a drain reports. Plain data, so that it can be sent from one thread to another. */
export type DrainEvent =
  | SegmentProgress
  /** A delivery failed and will be tried again. */
  | { readonly type: 'failed'; readonly message: string }
  /** Everything that has been written is delivered. */
  | { readonly type: 'idle' }
  /** A damaged file was put aside under this name; the frames that could be read are delivered. */
  | { readonly type: 'quarantined'; readonly file: string }
  /** Calls of dead processes were delivered: how many since the last of these events. */
  | { readonly type: 'adopted'; readonly outcome: AdoptedOutcome }
  /** A segment could not be synced to the disk. Nothing more should be written to it. */
  | { readonly type: 'sync-failed'; readonly message: string }

/** How far a segment of this process is stored, and what became of its calls, counted from its beginning. */
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
  /** The segment is finished: this is its last event. */
  readonly isDone: boolean
}

/** What became of calls of dead processes. */
export interface AdoptedOutcome {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
  readonly dropped: number
  /** Calls that had started when their process died. */
  readonly crashed: number
}
