import { statSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodeOf } from '@spanledger/core'
import type { Reporter } from '../../reporter.ts'
import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import type { Fate } from '../outcomes/writer-fates.ts'

/** Notices when the journal files of this process are gone: adopted while it was frozen, or removed. */
export interface FateWatch {
  /** From now on calls are appended under this name. */
  started(writer: string): void
  /** Checks the files of calls whose outcome is unknown. Call it regularly. */
  look(): void
}

export interface FateWatchOptions {
  readonly folder: string
  readonly outcomes: CallOutcomes
  readonly reporter: Reporter
}

/** Makes a watch over the files in `folder`. */
export function createFateWatch({ folder, outcomes, reporter }: FateWatchOptions): FateWatch {
  const { writers } = outcomes
  const folders = new Map<string, string | undefined>()
  const fateOf = (writer: string): Fate | undefined => {
    if (identityOf(join(folder, writer)) !== undefined) return undefined
    // If the folder is gone or a different one, it was removed with everything in it.
    return identityOf(folder) === folders.get(writer) ? 'adopted' : 'removed'
  }
  return {
    started(writer) {
      folders.set(
        writer,
        quietly(() => identityOf(folder)),
      )
      writers.start(writer)
    },
    look() {
      for (const writer of writers.unaccounted()) quietly(() => writers.found(writer, fateOf(writer)))
      const { journal_removed: lost = 0 } = outcomes.stats().dropped
      if (lost > 0) reporter.warn('dropped-journal_removed', `${lost} calls are lost, because ${folder} was removed`)
    },
  }
}

// Inode numbers are reused after a file is gone; with the creation time they are unique. Throws if the file system does not
// answer.
function identityOf(path: string): string | undefined {
  try {
    const { ino, birthtimeNs } = statSync(path, { bigint: true })
    return `${ino}:${birthtimeNs}`
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

// If the file system does not answer, the last known state still holds.
function quietly<Answer>(work: () => Answer): Answer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
