import { cleanText } from '../sql/clean-text.ts'
import type { JournalPosition, WriteResult } from '../calls/writing.ts'
import type { JournalPositionRow } from '../sql/tables.ts'

const NONE = { stored: 0, deduplicated: 0, rejected: 0 }

/** Throws if the offset of a position is not valid. */
export function checkPosition({ offset }: JournalPosition): void {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new Error(`A journal position cannot be ${offset}; pass a non-negative integer`)
  }
}

/** The values that a list adds to the row of its segment. Throws if its offset is not valid. */
export function positionRowOf(
  position: JournalPosition,
  { stored, deduplicated, rejected }: WriteResult,
): Omit<JournalPositionRow, 'updated_at'> {
  checkPosition(position)
  const { segment, offset, counts = NONE } = position
  return {
    segment: cleanText(segment),
    byte_offset: offset,
    stored: stored + counts.stored,
    deduplicated: deduplicated + counts.deduplicated,
    rejected: rejected.length + counts.rejected,
  }
}
