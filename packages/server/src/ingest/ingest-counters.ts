import type { Call, CountsByReason } from '@spanledger/core'
import type { WriteResult } from '@spanledger/store'
import type { IngestStats } from './ingest.ts'

/** Counts what happened to everything that was received. */
export interface IngestCounters {
  received(
    count: number,
    parts: { readonly notAI?: number; readonly steps?: number; readonly reasons?: CountsByReason },
  ): void
  written(calls: readonly Call[], result: WriteResult): void
  /** Counts a refused request and its received calls. */
  refused(reason: string, count: number): void
  rootFallbacks(count: number): void
  stats(waiting: number): IngestStats
}

// A reason may contain a value, so there can be any number of them.
const MOST_REASONS = 30
const OTHER = 'other'

/** Makes counters that start at zero. `now` returns epoch milliseconds. */
export function createIngestCounters(now: () => number): IngestCounters {
  const rejected: Record<string, number> = {}
  let stats: Omit<IngestStats, 'waiting' | 'rejected'> = {
    received: 0,
    notAI: 0,
    steps: 0,
    stored: 0,
    deduplicated: 0,
    rootFallbacks: 0,
    lastReceivedAt: null,
    lastRejection: null,
    lagMs: null,
  }

  function reject(reason: string, count: number): void {
    const isNew = !Object.hasOwn(rejected, reason)
    const key = isNew && Object.keys(rejected).length >= MOST_REASONS ? OTHER : reason
    rejected[key] = (rejected[key] ?? 0) + count
    stats = { ...stats, lastRejection: { at: now(), reason } }
  }

  return {
    received(count, { notAI = 0, steps = 0, reasons = {} }) {
      stats = {
        ...stats,
        received: stats.received + count,
        notAI: stats.notAI + notAI,
        steps: stats.steps + steps,
        lastReceivedAt: now(),
      }
      for (const [reason, times] of Object.entries(reasons)) reject(reason, times)
    },
    written(calls, result) {
      const newest = calls.reduce((latest, call) => Math.max(latest, call.ended_at ?? call.started_at), 0)
      stats = {
        ...stats,
        stored: stats.stored + result.stored,
        deduplicated: stats.deduplicated + result.deduplicated,
        lagMs: newest === 0 ? stats.lagMs : Math.max(0, now() - newest),
      }
      for (const { reason } of result.rejected) reject(reason, 1)
    },
    refused(reason, count) {
      if (count > 0) reject(reason, count)
      else stats = { ...stats, lastRejection: { at: now(), reason } }
    },
    rootFallbacks(count) {
      stats = { ...stats, rootFallbacks: stats.rootFallbacks + count }
    },
    stats: (waiting) => ({ ...stats, rejected: { ...rejected }, waiting }),
  }
}
