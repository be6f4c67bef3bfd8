import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isCode } from './folder/file-errors.ts'
import {
  DEAD_LETTERS_FILE,
  listDirectories,
  listSegments,
  QUARANTINED_SUFFIX,
  segmentName,
  segmentPath,
} from './folder/journal-folder.ts'
import { isLeftBehind, LEASE_TTL_MS, leasePath } from './leases/lease.ts'

/** What a journal folder holds. */
export interface JournalState {
  readonly writers: readonly JournalWriterState[]
  /** Calls that the database refused. */
  readonly deadLetters: number
  /** Files that were put aside because part of them is damaged. */
  readonly quarantined: readonly string[]
}

/** What one writer has left in a folder. */
export interface JournalWriterState {
  readonly writer: string
  /** Whether its lease, or the lease of the process that adopted it, was renewed lately, and its process is not gone. */
  readonly isAlive: boolean
  /** `name` is the one under which a database remembers how much of the segment it has stored. */
  readonly segments: readonly { readonly name: string; readonly bytes: number }[]
}

/** Reads what a journal folder holds and changes nothing. `now` is epoch milliseconds. Throws if the folder cannot be read. */
export function inspectJournal(folder: string, now: number): JournalState {
  const names = readdirSync(folder)
  return {
    writers: listDirectories(folder).map(({ path, writer, owner }) => ({
      writer,
      isAlive:
        now - (valueOf(() => statSync(leasePath(folder, owner)).mtimeMs) ?? 0) < LEASE_TTL_MS &&
        !isLeftBehind(folder, owner),
      segments: listSegments(path).map((number) => ({
        name: segmentName(writer, number),
        bytes: valueOf(() => statSync(segmentPath(path, number)).size) ?? 0,
      })),
    })),
    deadLetters: valueOf(() => linesIn(join(folder, DEAD_LETTERS_FILE))) ?? 0,
    quarantined: names.filter((name) => name.endsWith(QUARANTINED_SUFFIX)),
  }
}

function linesIn(path: string): number {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '').length
}

// A file may be deleted in the meantime.
function valueOf<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}
