import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isCode } from './file-errors.ts'

/**
 * One directory of a journal folder, with the segments of one writer. The folder holds:
 *
 * - `<writer>.lease`: the writer is alive as long as the modification time of this file changes
 * - `<writer>/000001.journal` …: its segments, in this order, and `open.journal`: starts that outlived their segment
 * - `<writer>@<drain>/…`: the same, adopted by the drain of another process, which has the lease `<drain>.lease`
 * - `<writer>.000001.journal.quarantined`: a segment that was put aside because part of it is damaged; nobody touches it again
 * - `dead-letters.jsonl`: calls that the database refused
 */
export interface JournalDirectory {
  readonly path: string
  /** The name under which its segments were written. */
  readonly writer: string
  /** The name of the lease that protects it: the writer's, or that of the drain that adopted it. */
  readonly owner: string
}

export const SEGMENT_SUFFIX = '.journal'
export const LEASE_SUFFIX = '.lease'
export const QUARANTINED_SUFFIX = '.quarantined'
export const OPEN_STARTS_FILE = `open${SEGMENT_SUFFIX}`
export const DEAD_LETTERS_FILE = 'dead-letters.jsonl'

const WRITER = /^[0-9a-z]+-[0-9a-f]{16}$/
const DIRECTORY = /^([0-9a-z]+-[0-9a-f]{16})(?:@([0-9a-z]+-[0-9a-f]{16}))?$/
const SEGMENT = /^(\d{6,})\.journal$/

/** Makes a name that no other writer has, on any machine. Names sort by time. */
export function newWriterName(): string {
  return `${Date.now().toString(36)}-${randomBytes(8).toString('hex')}`
}

/**
 * Makes the folder, for this user only. Throws if it cannot be written to, or if the folder above it is missing; only
 * `.spanledger` is made too.
 */
export function makeJournalFolder(folder: string): void {
  const parent = dirname(folder)
  if (/(^|[\\/])\.spanledger$/.test(parent)) {
    const isNew = mkdirSync(parent, { recursive: true, mode: 0o700 }) !== undefined
    if (isNew) writeFileSync(join(parent, '.gitignore'), '*\n', { flag: 'wx' })
  }
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!isCode(error, 'EEXIST') || !statSync(folder).isDirectory()) throw error
  }
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
}

/** Lists the directories of all writers in a folder. Empty if there is no such folder. */
export function listDirectories(folder: string): readonly JournalDirectory[] {
  return namesIn(folder).flatMap((name) => {
    const [, writer, drain] = DIRECTORY.exec(name) ?? []
    return writer === undefined ? [] : [{ path: join(folder, name), writer, owner: drain ?? writer }]
  })
}

/** Lists the names that have a lease in a folder. */
export function listLeases(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(LEASE_SUFFIX))
    .map((name) => name.slice(0, -LEASE_SUFFIX.length))
    .filter((name) => WRITER.test(name))
}

/** Lists the numbers of the segments in a writer's directory, ascending. Empty if there is no such directory. */
export function listSegments(directory: string): readonly number[] {
  return namesIn(directory)
    .flatMap((name) => Number(SEGMENT.exec(name)?.[1] ?? NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b)
}

/** Lists files in a writer's directory that end like a segment but are not named like one. */
export function listForeignFiles(directory: string): readonly string[] {
  return namesIn(directory).filter(
    (name) => name.endsWith(SEGMENT_SUFFIX) && name !== OPEN_STARTS_FILE && !SEGMENT.test(name),
  )
}

/** Where a segment lies in its writer's directory. */
export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(6, '0')}${SEGMENT_SUFFIX}`)
}

/** The name under which a target remembers how much of a segment it has stored. */
export function segmentName(writer: string, number: number): string {
  return `${writer}/${String(number).padStart(6, '0')}`
}

/** How many bytes all files under a folder hold. */
export function bytesIn(folder: string): number {
  let bytes = 0
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    try {
      const stats = statSync(path)
      bytes += stats.isDirectory() ? bytesIn(path) : stats.size
    } catch {
      // Deleted in the meantime, so it needs no space.
    }
  }
  return bytes
}

/** The names in a folder. Empty if it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
