import type { PruneOptions, Store } from '@spanledger/store'

/** How long things are kept, in milliseconds; what is not given is kept for ever. */
export interface Retention {
  /** What was said in calls, since they were stored. */
  readonly contentMs?: number | undefined
  /** Calls, since they started. Their sums stay. */
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

/** Takes away what is too old, now and then. */
export interface RetentionSchedule {
  /** Once, now. Never rejects. */
  prune(): Promise<void>
  /** Stops after the batch that is under way. */
  close(): Promise<void>
}

const HOUR_MS = 3_600_000

/** Starts the schedule. Several servers on one database may each have one: what is gone is gone once. */
export function createRetentionSchedule(options: RetentionScheduleOptions): RetentionSchedule {
  const { store, retention, intervalMs = HOUR_MS, now = Date.now, onError = () => {} } = options
  let isClosed = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    try {
      // Each step is a transaction of its own; whoever stops asking stops the work there.
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
  // Servers may be started anew more often than that.
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
