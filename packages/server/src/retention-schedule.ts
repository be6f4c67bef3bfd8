import type { PruneOptions, Store } from '@spanledger/store'

/** How long data is kept, in milliseconds; forever if undefined. */
export interface Retention {
  /** The content of calls, from when they were stored. */
  readonly contentMs?: number | undefined
  /** Calls, from their start. Their sums stay. */
  readonly callsMs?: number | undefined
  /** Sums of calls. */
  readonly rollupsMs?: number | undefined
}

export interface RetentionScheduleOptions {
  readonly store: Pick<Store, 'prune'>
  readonly retention: Retention
  /** One hour by default. */
  readonly intervalMs?: number | undefined
  readonly now?: (() => number) | undefined
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Deletes expired data at intervals. */
export interface RetentionSchedule {
  /** Deletes expired data now. Never rejects. */
  prune(): Promise<void>
  /** Stops after the current batch. */
  close(): Promise<void>
}

const HOUR_MS = 3_600_000

/** Starts a schedule. Several servers on one database may each run one. */
export function createRetentionSchedule(options: RetentionScheduleOptions): RetentionSchedule {
  const { store, retention, intervalMs = HOUR_MS, now = Date.now, onError = () => {} } = options
  let isClosed = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    try {
      // Each step is a transaction of its own, so closing stops between two steps.
      for await (const { isDone } of store.prune(olderThan(retention, now()))) if (isClosed && !isDone) return
    } catch (error) {
      onError(error)
    }
  }

  const prune = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
  // A server may restart more often than the interval.
  if (Object.values(retention).some((ms) => ms !== undefined)) void prune()
  const timer = setInterval(() => void prune(), intervalMs)
  timer.unref()
  return {
    prune,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}

function olderThan({ contentMs, callsMs, rollupsMs }: Retention, now: number): PruneOptions {
  const before = (ms: number | undefined) => (ms === undefined ? undefined : now - ms)
  return {
    contentOlderThan: before(contentMs),
    callsOlderThan: before(callsMs),
    rollupsOlderThan: before(rollupsMs),
  }
}
