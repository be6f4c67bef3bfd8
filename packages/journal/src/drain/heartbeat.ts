import { clearInterval, setInterval } from 'node:timers'

import type { DrainSignals } from '../drain-signals.ts'
import { LEASE_BEAT_MS } from '../leases/lease.ts'
import { createPace } from '../time/pace.ts'

/** Shows other threads and processes that a drain is alive, also while a delivery takes long. */
export interface Heartbeat {
  /** For work that keeps the event loop busy for longer than a lease lasts. */
  beat(): void
  stop(): void
}

export interface HeartbeatOptions {
  readonly signals: DrainSignals
  readonly renewLeases: () => void
  /** It does not keep the process alive. */
  readonly isBackground: boolean
}

const BEAT_MS = 500

export function startHeartbeat({ signals, renewLeases, isBackground }: HeartbeatOptions): Heartbeat {
  const renewal = createPace(LEASE_BEAT_MS)
  const beat = () => {
    signals.beat()
    if (renewal.isDue()) renewLeases()
  }
  const timer = setInterval(beat, BEAT_MS)
  if (isBackground) timer.unref()
  return { beat, stop: () => clearInterval(timer) }
}
