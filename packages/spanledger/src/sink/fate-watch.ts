import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter } from '../reporter.ts'
import type { Fate, CallOutcomes } from './call-outcomes.ts'

/** Looks after the files of a process that may have been taken from under it, while it was frozen or at any other time. */
export interface FateWatch {
  /** Calls are appended under this name from here on. */
  started(writer: string): void
  /** Looks once, at what nothing has been heard of; to be called now and then. */
  look(): void
}

export interface FateWatchOptions {
  readonly folder: string
  readonly outcomes: CallOutcomes
  readonly reporter: Reporter
}

export function createFateWatch({ folder, outcomes, reporter }: FateWatchOptions): FateWatch {
  const folders = new Map<string, string | undefined>()
  const fateOf = (writer: string): Fate | undefined => {
    if (identityOf(join(folder, writer)) !== undefined) return undefined
    // A journal that is another one now, or none, was removed with all that was in it.
    return identityOf(folder) === folders.get(writer) ? 'adopted' : 'removed'
  }
  return {
    started(writer) {
      folders.set(
        writer,
        quietly(() => identityOf(folder)),
      )
      outcomes.writer(writer)
    },
    look() {
      for (const writer of outcomes.unsettled()) quietly(() => outcomes.found(writer, fateOf(writer)))
      const { journal_removed: lost = 0 } = outcomes.stats().dropped
      if (lost > 0) reporter.warn('dropped-journal_removed', `${lost} calls are lost, because ${folder} was removed`)
    },
  }
}

// Inodes are used again; together with the time of its birth there is one of a kind. Throws what cannot be told.
function identityOf(path: string): string | undefined {
  try {
    const { ino, birthtimeNs } = statSync(path, { bigint: true })
    return `${ino}:${birthtimeNs}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

// What cannot be told now stays as it was known.
function quietly<Answer>(work: () => Answer): Answer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
