import { errorMessageOf } from '@spanledger/core'
import type { JournalTarget } from '../journal-target.ts'
import type { AdoptedDirectory } from '../leases/adoption.ts'
import type { DrainLock } from '../leases/drain-lock.ts'
import type { DeadLetterBox } from '../letters/dead-letter-box.ts'
import { createJournalSource } from '../source/journal-source.ts'
import type { SourceListener } from '../source/source-listener.ts'
import { createBackoff } from '../time/backoff.ts'

/** Adopted directories that wait to be delivered. */
export interface LeftoversQueue {
  add(directories: readonly AdoptedDirectory[]): void
  isEmpty(): boolean
  /** Delivers each directory as far as possible. Resolves with the time to wait before the next try. */
  deliver(): Promise<number>
  /** Why the last delivery failed; undefined if it did not. */
  problem(): string | undefined
}

export interface LeftoversQueueOptions {
  readonly target: JournalTarget
  readonly letters: DeadLetterBox
  readonly listener: SourceListener
  /** Only its holder delivers. */
  readonly lock: DrainLock | undefined
  readonly onFailure: ((message: string) => void) | undefined
}

const MAX_ROWS = 512
const LOOK_MS = 250

export function createLeftoversQueue(options: LeftoversQueueOptions): LeftoversQueue {
  const { lock, onFailure } = options
  const backoff = createBackoff()
  const waiting: AdoptedDirectory[] = []
  let problem: string | undefined

  // False if its time has not come.
  const deliverDirectory = async (directory: AdoptedDirectory): Promise<boolean> => {
    if (directory.readableAtMs > performance.now() || lock?.take() === false) return false
    const source = createJournalSource({ ...options, directory, maxRows: MAX_ROWS })
    try {
      while ((await source.deliverNext()) === 'delivered') continue
      await source.finish('crashed')
      return true
    } finally {
      source.close()
    }
  }

  return {
    add: (directories) => void waiting.push(...directories),
    isEmpty: () => waiting.length === 0,
    async deliver() {
      let pauseMs = LOOK_MS
      for (const directory of waiting.splice(0)) {
        try {
          if (!(await deliverDirectory(directory))) waiting.push(directory)
          problem = undefined
          backoff.reset()
        } catch (error) {
          waiting.push(directory)
          problem = errorMessageOf(error)
          onFailure?.(problem)
          pauseMs = backoff.nextMs()
        }
      }
      return pauseMs
    },
    problem: () => problem,
  }
}
