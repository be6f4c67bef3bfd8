import type { JournalTarget } from '../journal-target.ts'
import type { DeadLetterBox } from '../letters/dead-letter-box.ts'
import type { OpenStarts } from './open-starts.ts'

/** Delivers calls that have started and have no end, as rows of their own. */
export interface UnfinishedCalls {
  /** The oldest, when there are too many to remember. */
  deliverOverflow(): Promise<void>
  /** All of them, with this status. Resolves with their number. */
  deliverAll(status: 'abandoned' | 'crashed'): Promise<number>
}

export interface UnfinishedCallsOptions {
  readonly starts: OpenStarts
  readonly target: JournalTarget
  readonly letters: DeadLetterBox
  readonly maxRows: number
}

export function createUnfinishedCalls({ starts, target, letters, maxRows }: UnfinishedCallsOptions): UnfinishedCalls {
  const deliver = async (lines: readonly string[]) => letters.keep((await target.deliver({ lines })).rejected)
  return {
    async deliverOverflow() {
      const rows = starts.takeOverflow()
      if (rows.length > 0) await deliver(rows)
    },
    async deliverAll(status) {
      const rows = starts.rows(status)
      for (let from = 0; from < rows.length; from += maxRows) await deliver(rows.slice(from, from + maxRows))
      return rows.length
    },
  }
}
