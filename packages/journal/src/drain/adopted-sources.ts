import { type AdoptedDirectory, createAdoption } from '../leases/adoption.ts'
import { createJournalSource } from '../source/journal-source.ts'
import { createPace } from '../time/pace.ts'
import type { SourcesOptions } from './own-sources.ts'
import { createSourceSet } from './source-set.ts'

/** What dead processes have left, adopted under a lease of this process. */
export interface AdoptedSources {
  /**
   * Looks for directories to adopt, if the last time is long enough ago, and opens those that may be read by now. Throws if
   * a lease cannot be written.
   */
  open(): void
  /** When the next directory may be read, on the clock of `performance.now()`; `Infinity` if none waits. */
  readableAtMs(): number
  /** Delivers one batch; false if there is none. */
  deliverNext(): Promise<boolean>
  dropOldest(): Promise<boolean>
  renewLease(): void
  /** Closes all files and gives up the lease: others may adopt what is left. */
  close(): void
}

export interface AdoptedSourcesOptions extends SourcesOptions {
  readonly leaseTtlMs: number
  /** The time between two looks at most. */
  readonly lookMs: number
  readonly isOwn: (owner: string) => boolean
}

const ADOPT_MS = 2_000

export function createAdoptedSources(options: AdoptedSourcesOptions): AdoptedSources {
  const { folder, reports, leaseTtlMs, lookMs, isOwn } = options
  const adoption = createAdoption(folder, leaseTtlMs)
  const look = createPace(Math.min(ADOPT_MS, lookMs))
  const sources = createSourceSet({ isGrowing: () => false, onLeft: () => {} })
  const waiting: AdoptedDirectory[] = []
  return {
    open() {
      const nowMs = performance.now()
      if (look.isDue()) waiting.push(...adoption.adopt(isOwn))
      for (const directory of waiting.splice(0)) {
        if (directory.readableAtMs > nowMs) waiting.push(directory)
        else sources.add(directory.path, createJournalSource({ ...options, directory, listener: reports.ofAdopted }))
      }
    },
    readableAtMs: () => Math.min(...waiting.map(({ readableAtMs }) => readableAtMs)),
    deliverNext: sources.deliverNext,
    dropOldest: sources.dropOldest,
    renewLease: adoption.beat,
    close() {
      sources.close()
      adoption.release()
    },
  }
}
