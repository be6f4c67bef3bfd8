import { errorMessageOf } from '@spanledger/core'
import type { DrainSignals } from '../drain-signals.ts'
import { isDiskFailure } from '../folder/file-errors.ts'
import type { JournalTarget } from '../journal-target.ts'
import { beatLease, releaseLease } from '../leases/lease.ts'
import type { DeadLetterBox } from '../letters/dead-letter-box.ts'
import { createJournalSource } from '../source/journal-source.ts'
import { createPace } from '../time/pace.ts'
import type { DrainReports } from './drain-reports.ts'
import { createSourceSet } from './source-set.ts'

/** What the writers of this process write, and their leases. */
export interface OwnSources {
  addWriter(writer: string): void
  isWriter(name: string): boolean
  /** Opens the sources of writers that were added since the last call. */
  open(): void
  /** Delivers one batch; false if there is none. A writer whose calls are delivered leaves, unless it is the newest. */
  deliverNext(): Promise<boolean>
  dropOldest(): Promise<boolean>
  /**
   * Syncs what is being delivered to the disk, if the last time is long enough ago. For calls that wait longer than a batch
   * takes: they must not wait until the disk writes them by itself.
   */
  syncBehind(): void
  renewLeases(): void
  /** Makes rows of calls that have not ended. */
  finish(): Promise<void>
  /** Closes all files and gives up the leases. */
  close(): void
}

/** What sources of a drain have in common. */
export interface SourcesOptions {
  readonly folder: string
  readonly target: JournalTarget
  readonly letters: DeadLetterBox
  readonly reports: DrainReports
  readonly maxRows: number
}

const SYNC_AFTER_MS = 25

export function createOwnSources(options: SourcesOptions & { readonly signals: DrainSignals }): OwnSources {
  const { folder, reports, signals } = options
  const writers = new Set<string>()
  const sync = createPace(SYNC_AFTER_MS)
  const sources = createSourceSet({
    isGrowing: (writer) => writer === [...writers].at(-1),
    onLeft(writer, outcome) {
      writers.delete(writer)
      if (outcome === 'empty') releaseLease(folder, writer)
    },
  })
  return {
    addWriter: (writer) => void writers.add(writer),
    isWriter: (name) => writers.has(name),
    open() {
      for (const writer of writers) {
        if (sources.has(writer)) continue
        const directory = { path: `${folder}/${writer}`, writer, owner: writer }
        const listener = reports.ofWriter(writer)
        sources.add(writer, createJournalSource({ ...options, directory, listener, lastWritten: signals.lastWritten }))
      }
    },
    deliverNext: sources.deliverNext,
    dropOldest: sources.dropOldest,
    syncBehind() {
      if (!sync.isDue()) return
      try {
        for (const source of sources.all()) source.sync()
      } catch (error) {
        // Where Node or the system cannot sync such a file, the disk writes it by itself.
        if (isDiskFailure(error)) reports.report({ type: 'sync-failed', message: errorMessageOf(error) })
      }
    },
    renewLeases() {
      for (const writer of writers) beatLease(folder, writer)
    },
    async finish() {
      for (const source of sources.all()) await source.finish('abandoned')
    },
    close() {
      sources.close()
      for (const writer of writers) releaseLease(folder, writer)
    },
  }
}
