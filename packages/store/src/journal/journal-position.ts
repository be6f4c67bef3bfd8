import { cleanText } from '../sql/clean-text.ts'
import type { JournalPosition, WriteResult } from '../calls/writing.ts'
import type { JournalPositionRow } from '../sql/tables.ts'

const NONE = { stored: 0, deduplicated: 0, rejected: 0 }

/** What a list adds to the row of its segment. Throws an offset that is none. */
export function positionRowOf(
  { segment, offset, counts = NONE }: JournalPosition,
  { stored, deduplicated, rejected }: WriteResult,
): Omit<JournalPositionRow, 'updated_at'> {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new Error(`A journal cannot stand at ${offset}; pass a non-negative integer`)
  }
  return {
    segment: cleanText(segment),
    byte_offset: offset,
    stored: stored + counts.stored,
    deduplicated: deduplicated + counts.deduplicated,
    rejected: rejected.length + counts.rejected,
  }
}
