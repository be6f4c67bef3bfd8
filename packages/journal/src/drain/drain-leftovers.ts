import { setTimeout as sleep } from 'node:timers/promises'
import { clearInterval, setInterval } from 'node:timers'
import { listDirectories } from '../folder/journal-folder.ts'
import type { JournalTarget } from '../journal-target.ts'
import { type Adoption, createAdoption } from '../leases/adoption.ts'
import { createDrainLock } from '../leases/drain-lock.ts'
import { LEASE_BEAT_MS, LEASE_TTL_MS } from '../leases/lease.ts'
import { createDeadLetterBox } from '../letters/dead-letter-box.ts'
import type { AdoptedOutcome } from './drain-events.ts'
import { createLeftoversCounts } from './leftovers-counts.ts'
import { createLeftoversQueue, type LeftoversQueue } from './leftovers-queue.ts'

export interface LeftoversOptions {
  readonly folder: string
  /** It is closed in the end. */
  readonly target: JournalTarget
  /** How long to wait for leases and to try failed deliveries again; 60 seconds by default. */
  readonly patienceMs?: number | undefined
  /** Only one process at a time delivers. */
  readonly isExclusive?: boolean | undefined
  /** 15 seconds by default. */
  readonly leaseTtlMs?: number | undefined
  /** Called with the reason when a delivery has failed and will be tried again. */
  readonly onFailure?: ((message: string) => void) | undefined
}

/** What became of the calls that dead processes had left. */
export interface Leftovers extends AdoptedOutcome {
  /** Files that were put aside because part of them is damaged. */
  readonly quarantined: readonly string[]
  /** Why calls of dead processes are still not stored; undefined if all are. */
  readonly problem: string | undefined
}

const PATIENCE_MS = 60_000

/**
 * Delivers what dead processes have left in a journal folder. Resolves when every lease in the folder has run out or been
 * renewed, and everything without a lease is stored; or when the patience is over. Rejects only if the folder cannot be
 * read.
 */
export async function drainLeftovers(options: LeftoversOptions): Promise<Leftovers> {
  const { folder, target, patienceMs = PATIENCE_MS, leaseTtlMs = LEASE_TTL_MS, onFailure } = options
  const counts = createLeftoversCounts()
  const adoption = createAdoption(folder, leaseTtlMs)
  const lock = options.isExclusive === true ? createDrainLock(folder, leaseTtlMs) : undefined
  const letters = createDeadLetterBox(folder)
  const queue = createLeftoversQueue({ target, letters, listener: counts.listener, lock, onFailure })
  const deadlineMs = performance.now() + patienceMs
  const heartbeat = setInterval(() => {
    adoption.beat()
    lock?.beat()
  }, LEASE_BEAT_MS)
  try {
    for (;;) {
      queue.add(adoption.adopt(() => false))
      if (queue.isEmpty() && adoption.undecided() === 0 && !isAdoptedElsewhere(folder)) break
      const pauseMs = await queue.deliver()
      if (performance.now() >= deadlineMs) break
      await sleep(pauseMs)
    }
  } finally {
    clearInterval(heartbeat)
    adoption.release()
    lock?.release()
    await target.close()
  }
  return { ...counts.outcome(), problem: queue.problem() ?? whatIsLeft(folder, queue, adoption) }
}

function whatIsLeft(folder: string, queue: LeftoversQueue, adoption: Adoption): string | undefined {
  if (!queue.isEmpty()) return 'another process delivers to the same database and did not stop in time'
  if (isAdoptedElsewhere(folder)) return 'a running process has adopted some of the calls and has not finished'
  if (adoption.undecided() > 0) return 'a lease has neither run out nor been renewed in time'
  return undefined
}

// A directory that a living process has adopted was left by a dead one.
function isAdoptedElsewhere(folder: string): boolean {
  return listDirectories(folder).some(({ writer, owner }) => writer !== owner)
}
