import { parseCallLine, toCallLine } from '@spanledger/core'
import type { JournalTarget, RejectedLine } from '@spanledger/journal'
import type { Store } from '@spanledger/store'

/** Delivers into a store. */
export function targetOf(store: Store): JournalTarget {
  return {
    async deliver({ lines, position }) {
      const invalid: RejectedLine[] = []
      const calls = lines.flatMap((line) => {
        try {
          return [parseCallLine(line)]
        } catch (error) {
          invalid.push({ line, reason: 'invalid_call', message: String(error) })
          return []
        }
      })
      const counts = { stored: 0, deduplicated: 0, rejected: invalid.length }
      const { stored, deduplicated, rejected } = await store.write(calls, {
        position: position && { ...position, counts },
      })
      const refused = rejected.map(({ call, reason }) => ({
        line: toCallLine(call),
        reason: 'not_storable',
        message: reason,
      }))
      return { stored, deduplicated, rejected: [...invalid, ...refused] }
    },
    position: (segment) => store.journalPosition(segment),
    forget: (segments) => store.forgetJournal(segments),
    close: async () => {},
  }
}
