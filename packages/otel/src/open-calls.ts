import { LEAF_KINDS } from '@spanledger/core'
import type { Stamp, StartedSpanLike } from './trace-stamps.ts'

/** Why a provider call has no end: its run ended first, or it stayed open for too long. */
export type NeverEnded = 'aborted' | 'abandoned'

/**
 * Provider calls that have started but not ended. AI SDKs never end the span of a stream that is not read to its end or
 * is aborted, although the provider bills it.
 */
export interface OpenCalls {
  onStart(stamp: Stamp): void
  onEnd(stamp: Stamp): void
  /** Abandons every call that is still open. */
  abandonAll(): void
  close(): void
}

export interface OpenCallsOptions {
  readonly onNeverEnded: (stamp: Stamp, span: StartedSpanLike, status: NeverEnded) => void
  /** A call without an end is abandoned after this time; 10 minutes by default. */
  readonly abandonAfterMs?: number | undefined
  /** Beyond this many open calls the oldest is abandoned; 10,000 by default. */
  readonly maxOpen?: number | undefined
}

const TEN_MINUTES_MS = 600_000

export function createOpenCalls({
  onNeverEnded,
  abandonAfterMs = TEN_MINUTES_MS,
  maxOpen = 10_000,
}: OpenCallsOptions): OpenCalls {
  // In order of insertion, which is age.
  const open = new Map<Stamp, number>()
  let timer: ReturnType<typeof setInterval> | undefined
  const giveUp = (stamp: Stamp, status: NeverEnded) => {
    if (open.delete(stamp) && stamp.span !== undefined) onNeverEnded(stamp, stamp.span, status)
  }
  const abandonOld = () => {
    for (const [stamp, startedMs] of open) {
      if (performance.now() - startedMs < abandonAfterMs) return
      giveUp(stamp, 'abandoned')
    }
  }
  return {
    onStart(stamp) {
      if (stamp.kind === undefined || !LEAF_KINDS.has(stamp.kind)) return
      if (timer === undefined) {
        timer = setInterval(abandonOld, Math.max(10, abandonAfterMs / 10))
        // At the edge a timer is a number and keeps nothing alive.
        if (typeof timer === 'object') timer.unref()
      }
      const oldest = open.size >= maxOpen ? open.keys().next().value : undefined
      if (oldest !== undefined) giveUp(oldest, 'abandoned')
      open.set(stamp, performance.now())
    },
    onEnd(stamp) {
      open.delete(stamp)
      // When a run has ended, calls still open below it were broken off.
      if (stamp.kind !== 'run' || open.size === 0) return
      for (const candidate of open.keys()) if (isBelow(candidate, stamp)) giveUp(candidate, 'aborted')
    },
    abandonAll() {
      for (const stamp of open.keys()) giveUp(stamp, 'abandoned')
    },
    close() {
      clearInterval(timer)
      timer = undefined
    },
  }
}

function isBelow(stamp: Stamp, run: Stamp): boolean {
  if (stamp.runId !== run.runId) return false
  for (let above = stamp.above; above !== undefined; above = above.above) if (above === run) return true
  return false
}
