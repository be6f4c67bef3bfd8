import { setTimeout as sleep } from 'node:timers/promises'
import { type AdoptedDirectory, createAdoption } from '../leases/adoption.ts'
import { createBackoff } from '../time/backoff.ts'
import { createDeadLetterBox } from '../letters/dead-letter-box.ts'
import type { AdoptedOutcome } from './drain-events.ts'
import { createDrainLock } from '../leases/drain-lock.ts'
import { listDirectories } from '../folder/journal-folder.ts'
import { createJournalSource } from '../source/journal-source.ts'
import type { SourceListener } from '../source/source-listener.ts'
import type { JournalTarget } from '../journal-target.ts'
import { LEASE_BEAT_MS, LEASE_TTL_MS } from '../leases/lease.ts'

export interface LeftoversOptions {
  readonly folder: string
  readonly target: JournalTarget
  /** So long leases are waited for, and failed deliveries tried again; 60 seconds by default. */
  readonly patienceMs?: number | undefined
  /** Only one process at a time delivers. */
  readonly isExclusive?: boolean | undefined
  /** 15 seconds by default. */
  readonly leaseTtlMs?: number | undefined
  /** Why a delivery failed that is tried again. */
  readonly onFailure?: ((message: string) => void) | undefined
}

/** What dead processes had left, and what has become of it. */
export interface Leftovers extends AdoptedOutcome {
  /** Files with something in them that is no frame. */
  readonly quarantined: readonly string[]
  /** What is not stored although nobody looks after it any more; nothing if all of it is. */
  readonly problem: string | undefined
}

const PATIENCE_MS = 60_000
const MAX_ROWS = 512
const LOOK_MS = 250

/**
 * Delivers what dead processes have left in a journal folder, and ends: when every lease in it has run out or been
 * renewed, and every segment of those that ran out is stored. Rejects only if the folder cannot be read.
 */
export async function drainLeftovers(options: LeftoversOptions): Promise<Leftovers> {
  const { folder, target, patienceMs = PATIENCE_MS, leaseTtlMs = LEASE_TTL_MS, onFailure } = options
  const tally = createLeftoversTally()
  const adoption = createAdoption(folder, leaseTtlMs)
  const lock = options.isExclusive === true ? createDrainLock(folder, leaseTtlMs) : undefined
  const backoff = createBackoff()
  const letters = createDeadLetterBox(folder)
  const deadlineMs = performance.now() + patienceMs
  const beat = setInterval(() => {
    adoption.beat()
    lock?.beat()
  }, LEASE_BEAT_MS)
  const waiting: AdoptedDirectory[] = []
  const drainOne = async (directory: AdoptedDirectory): Promise<boolean> => {
    if (directory.readableAtMs > performance.now() || lock?.take() === false) return false
    const source = createJournalSource({ directory, target, listener: tally.listener, maxRows: MAX_ROWS, letters })
    try {
      while ((await source.deliverNext()) === 'delivered') continue
      await source.finish('crashed')
      return true
    } finally {
      source.close()
    }
  }
  let problem: string | undefined
  try {
    for (;;) {
      waiting.push(...adoption.adopt(() => false))
      if (waiting.length === 0 && adoption.undecided() === 0 && !isAdoptedElsewhere(folder)) break
      let pauseMs = LOOK_MS
      for (const directory of waiting.splice(0)) {
        try {
          if (!(await drainOne(directory))) waiting.push(directory)
          problem = undefined
          backoff.reset()
        } catch (error) {
          waiting.push(directory)
          problem = error instanceof Error ? error.message : String(error)
          onFailure?.(problem)
          pauseMs = backoff.nextMs()
        }
      }
      if (performance.now() >= deadlineMs) break
      await sleep(pauseMs)
    }
  } finally {
    clearInterval(beat)
    adoption.release()
    lock?.release()
    await target.close()
  }
  if (waiting.length > 0) problem ??= 'another process delivers to the same database and did not stop in time'
  if (isAdoptedElsewhere(folder)) problem ??= 'a process that runs has adopted some of it and is not done yet'
  if (adoption.undecided() > 0) problem ??= 'a lease has neither run out nor been renewed in time'
  return { ...tally.outcome(), problem }
}

// What a living process has adopted is a dead one's all the same.
function isAdoptedElsewhere(folder: string): boolean {
  return listDirectories(folder).some(({ writer, owner }) => writer !== owner)
}

function createLeftoversTally() {
  const total = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0, crashed: 0 }
  const quarantined: string[] = []
  const listener: SourceListener = {
    onProgress({ delivery }) {
      total.stored += delivery.stored
      total.deduplicated += delivery.deduplicated
      total.rejected += delivery.rejected.length
    },
    onQuarantined: (file) => void quarantined.push(file),
    onUnfinished(calls) {
      total.crashed += calls
    },
  }
  return { listener, outcome: () => ({ ...total, quarantined }) }
}
