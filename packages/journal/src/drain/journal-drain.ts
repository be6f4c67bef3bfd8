import type { DrainSignals } from '../drain-signals.ts'
import type { JournalTarget } from '../journal-target.ts'
import { createDrainLock } from '../leases/drain-lock.ts'
import { LEASE_TTL_MS } from '../leases/lease.ts'
import { createDeadLetterBox } from '../letters/dead-letter-box.ts'
import { nextTurn } from '../time/next-turn.ts'
import { createAdoptedSources } from './adopted-sources.ts'
import type { DrainEvent } from './drain-events.ts'
import { createDrainLoop } from './drain-loop.ts'
import { createDrainPass } from './drain-pass.ts'
import { createDrainReports, type DrainReports } from './drain-reports.ts'
import { startHeartbeat } from './heartbeat.ts'
import { createIdleWait } from './idle-wait.ts'
import { createOwnSources } from './own-sources.ts'

/** The reading end of a journal: delivers what is written to the target, until it is closed. */
export interface JournalDrain {
  /** Something was written. With `now` it is delivered without waiting for more calls to fill a batch. */
  wake(when?: 'now'): void
  /** Adds a writer of this process. Its segments are delivered as they grow, and its lease is renewed. */
  addWriter(writer: string): void
  /** Deletes the oldest calls to make room for new ones. */
  dropOldest(): void
  /**
   * Delivers what is there, unless that fails, makes rows of calls that have not ended, and gives up the leases, so that
   * other processes can adopt what is left. Idempotent; never rejects.
   */
  close(): Promise<void>
}

export interface JournalDrainOptions {
  readonly folder: string
  /** The drain closes it. */
  readonly target: JournalTarget
  readonly signals: DrainSignals
  readonly onEvent: (event: DrainEvent) => void
  /** Calls of one batch at most; 2,048 by default. Small batches leave time to an event loop that has other work. */
  readonly maxRows?: number | undefined
  /** The drain does not keep the process alive. */
  readonly isBackground?: boolean | undefined
  /** Only one process at a time delivers, and closes the target before the next one does. */
  readonly isExclusive?: boolean | undefined
  /** 15 seconds by default. */
  readonly leaseTtlMs?: number | undefined
}

const DEFAULT_MAX_ROWS = 2048
// How often an owner is looked at before its lease counts as run out.
const LOOKS = 8

/** Starts to drain a folder, with what dead processes have left in it. */
export function createJournalDrain(options: JournalDrainOptions): JournalDrain {
  const { target, signals, isBackground = false, leaseTtlMs = LEASE_TTL_MS } = options
  const lookMs = leaseTtlMs / LOOKS
  const reports = createDrainReports(options.onEvent, signals)
  const sources = openSources(options, reports, { leaseTtlMs, lookMs })
  const { own, adopted, heartbeat, lock } = sources
  const isEnding = () => loop.isStopped()
  const pass = createDrainPass({ ...options, ...sources, reports, isEnding })
  const idle = createIdleWait({ signals, reports, isBackground, lookMs, readableAtMs: adopted.readableAtMs })
  const { deliverNext } = pass
  const loop = createDrainLoop({ idle, reports, isBackground, deliverNext, onFailure: own.syncBehind })
  const running = loop.run()

  const finish = async () => {
    loop.stop()
    await running
    try {
      while (await deliverNext()) await nextTurn(isBackground)
      await own.finish()
    } catch (error) {
      reports.failed(error)
    }
    heartbeat.stop()
    own.close()
    adopted.close()
    await target.close().catch(() => {})
    lock?.release()
  }

  let closing: Promise<void> | undefined
  return {
    wake: idle.wake,
    addWriter: own.addWriter,
    dropOldest() {
      pass.dropOldest()
      idle.wake()
    },
    close: () => (closing ??= finish()),
  }
}

interface LeaseTimes {
  readonly leaseTtlMs: number
  readonly lookMs: number
}

// What is delivered, and the leases that protect it.
function openSources(options: JournalDrainOptions, reports: DrainReports, { leaseTtlMs, lookMs }: LeaseTimes) {
  const { folder, target, signals, maxRows = DEFAULT_MAX_ROWS, isBackground = false } = options
  const letters = createDeadLetterBox(folder, () => heartbeat.beat())
  const shared = { folder, target, letters, reports, maxRows }
  const own = createOwnSources({ ...shared, signals })
  const adopted = createAdoptedSources({ ...shared, leaseTtlMs, lookMs, isOwn: own.isWriter })
  const lock = options.isExclusive === true ? createDrainLock(folder, leaseTtlMs) : undefined
  const renewLeases = () => {
    own.renewLeases()
    adopted.renewLease()
    lock?.beat()
  }
  const heartbeat = startHeartbeat({ signals, renewLeases, isBackground })
  return { own, adopted, lock, heartbeat }
}
