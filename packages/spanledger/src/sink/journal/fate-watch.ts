import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter } from '../../reporter.ts'
import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import type { Fate } from '../outcomes/writer-fates.ts'

/** Notices when the journal files of this process are gone: adopted while it was frozen, or removed. */
export interface FateWatch {
  /** Calls are appended under this name from here on. */
  started(writer: string): void
  /** Checks the files of calls whose outcome is not known; to be called now and then. */
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
    // If the folder is another one now, or gone, it was removed with everything in it.
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

// An inode number is used again after its file is gone; together with the time of birth it is unique. Throws when the
// file system does not say.
function identityOf(path: string): string | undefined {
  try {
    const { ino, birthtimeNs } = statSync(path, { bigint: true })
    return `${ino}:${birthtimeNs}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

// When the file system does not answer, what was known before still holds.
function quietly<Answer>(work: () => Answer): Answer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
