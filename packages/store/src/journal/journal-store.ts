import type { StoredPosition } from '../calls/writing.ts'

/** Keeps the positions up to which segments of journals are stored; `write` advances them. */
export interface JournalStore {
  /** How far a segment is stored; undefined if none of it is, or if it was forgotten. */
  journalPosition(segment: string): Promise<StoredPosition | undefined>

  /** Deletes the positions of segments that no longer exist. An unknown segment is not an error. */
  forgetJournal(segments: readonly string[]): Promise<void>
}
