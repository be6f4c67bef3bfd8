import { errorMessageOf } from '@spanledger/core'
import type { DrainSignals } from '../drain-signals.ts'
import type { SourceListener } from '../source/source-listener.ts'
import type { AdoptedOutcome, DrainEvent } from './drain-events.ts'

/** Turns what happens in a drain into its events. */
export interface DrainReports {
  report(event: DrainEvent): void
  /** Delivering failed. */
  failed(error: unknown): void
  /** For a writer of this process. Each of its segments is reported by itself. */
  ofWriter(writer: string): SourceListener
  /** For what other processes have left. It is reported in sums. */
  readonly ofAdopted: SourceListener
}

const NOTHING_ADOPTED: AdoptedOutcome = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0, crashed: 0 }

export function createDrainReports(onEvent: (event: DrainEvent) => void, signals: DrainSignals): DrainReports {
  const report = (event: DrainEvent) => {
    onEvent(event)
    signals.eventSent()
  }
  const adopted = (outcome: Partial<AdoptedOutcome>) =>
    report({ type: 'adopted', outcome: { ...NOTHING_ADOPTED, ...outcome } })
  const onQuarantined = (file: string) => report({ type: 'quarantined', file })
  return {
    report,
    failed: (error) => report({ type: 'failed', message: errorMessageOf(error) }),
    ofWriter: (writer) => ({
      onProgress({ delivery, ...progress }) {
        const rejections = delivery.rejected.map(({ reason, message }) => ({ reason, message }))
        report({ type: 'progress', writer, ...progress, rejections })
      },
      onQuarantined,
      onUnfinished: () => {},
    }),
    ofAdopted: {
      onProgress: ({ delivery, dropped }) => adopted({ ...delivery, rejected: delivery.rejected.length, dropped }),
      onQuarantined,
      onUnfinished: (crashed) => adopted({ crashed }),
    },
  }
}
