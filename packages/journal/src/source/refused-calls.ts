import { isDiskFull } from '../folder/file-errors.ts'
import type { JournalTarget, RejectedLine } from '../journal-target.ts'
import type { DeadLetterBox } from '../letters/dead-letter-box.ts'

/** Writes dead letters for calls that the target refuses. Both methods return false if the disk is too full for a letter. */
export interface RefusedCalls {
  /** Throws any other error of the file system. */
  keep(rejected: readonly RejectedLine[]): boolean
  /** `rejected` of these lines were refused earlier. Writes the letters that are missing. */
  keepMissing(lines: readonly string[], rejected: number): Promise<boolean>
}

export interface RefusedCallsOptions {
  readonly letters: DeadLetterBox
  readonly target: JournalTarget
  readonly maxRows: number
}

export function createRefusedCalls({ letters, target, maxRows }: RefusedCallsOptions): RefusedCalls {
  // Only the drain makes room on a full disk, so it must not wait for a letter. The call stays in its segment, which is
  // put aside for good; that takes no room.
  const keep = (rejected: readonly RejectedLine[]): boolean => {
    try {
      letters.keep(rejected)
      return true
    } catch (error) {
      if (!isDiskFull(error)) throw error
      return false
    }
  }
  return {
    keep,
    async keepMissing(lines, rejected) {
      if (rejected === 0 || letters.countOf(lines) >= rejected) return true
      // A process that died after its batch was stored has written no letters. When the lines are delivered again, what is
      // stored stays as it is, and what was refused is refused again.
      let isKept = true
      for (let from = 0; from < lines.length; from += maxRows) {
        const delivery = await target.deliver({ lines: lines.slice(from, from + maxRows) })
        isKept = keep(delivery.rejected) && isKept
      }
      return isKept
    },
  }
}
