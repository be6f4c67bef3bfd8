import type { SourceListener } from '../source/source-listener.ts'
import type { AdoptedOutcome } from './drain-events.ts'

/** Sums up what becomes of the calls of dead processes. */
export interface LeftoversCounts {
  readonly listener: SourceListener
  outcome(): AdoptedOutcome & { readonly quarantined: readonly string[] }
}

export function createLeftoversCounts(): LeftoversCounts {
  const sums = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0, crashed: 0 }
  const quarantined: string[] = []
  return {
    listener: {
      onProgress({ delivery }) {
        sums.stored += delivery.stored
        sums.deduplicated += delivery.deduplicated
        sums.rejected += delivery.rejected.length
      },
      onQuarantined: (file) => void quarantined.push(file),
      onUnfinished(calls) {
        sums.crashed += calls
      },
    },
    outcome: () => ({ ...sums, quarantined }),
  }
}
