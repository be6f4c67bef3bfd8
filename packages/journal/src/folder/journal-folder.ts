import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * How a journal folder looks:
 *
 * - `<writer>.lease`: whoever writes under this name is alive as long as its modification time changes
 * - `<writer>/000001.journal` …: its segments, in this order, and `open.journal`: starts that outlived their segment
 * - `<writer>@<drain>/…`: the same, adopted by the drain of another process, under that one's lease
 * - `<writer>.000001.quarantined`: a segment with something in it that is no frame; nobody touches it again
 * - `dead-letters.jsonl`: calls that the database refused
 */
export interface JournalDirectory {
  readonly path: string
  /** Who wrote it. */
  readonly writer: string
  /** Whose lease counts: the writer's, or that of the drain that adopted it. */
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

/** A name that no other writer has, anywhere; names sort by time. */
export function newWriterName(): string {
  return `${Date.now().toString(36)}-${randomBytes(8).toString('hex')}`
}

/** Makes the folder, for this user only; throws if it cannot be written to. A folder above it that is missing is not made, unless it is `.spanledger`. */
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

/** Everything that writers have left in a folder. Empty if there is no such folder. */
export function listDirectories(folder: string): readonly JournalDirectory[] {
  return namesIn(folder).flatMap((name) => {
    const [, writer, drain] = DIRECTORY.exec(name) ?? []
    return writer === undefined ? [] : [{ path: join(folder, name), writer, owner: drain ?? writer }]
  })
}

/** The writers that a folder has leases of. */
export function listLeases(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(LEASE_SUFFIX))
    .map((name) => name.slice(0, -LEASE_SUFFIX.length))
    .filter((name) => WRITER.test(name))
}

/** The numbers of the segments in a writer's directory, ascending; nothing if there is no such directory. */
export function listSegments(directory: string): readonly number[] {
  return namesIn(directory)
    .flatMap((name) => Number(SEGMENT.exec(name)?.[1] ?? NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b)
}

/** What in a writer's directory pretends to be a segment, and cannot be one. */
export function listForeignFiles(directory: string): readonly string[] {
  return namesIn(directory).filter(
    (name) => name.endsWith(SEGMENT_SUFFIX) && name !== OPEN_STARTS_FILE && !SEGMENT.test(name),
  )
}

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(6, '0')}${SEGMENT_SUFFIX}`)
}

/** The name under which a database remembers how much of a segment it holds. */
export function segmentName(writer: string, number: number): string {
  return `${writer}/${String(number).padStart(6, '0')}`
}

/** How many bytes a folder holds, everything included. */
export function bytesIn(folder: string): number {
  let bytes = 0
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    try {
      const stats = statSync(path)
      bytes += stats.isDirectory() ? bytesIn(path) : stats.size
    } catch {
      // Deleted in between: it takes no room.
    }
  }
  return bytes
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
