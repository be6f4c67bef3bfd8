import { createHash } from 'node:crypto'
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DEAD_LETTERS_FILE, isCode, newWriterName } from '../folder/journal-folder.ts'
import type { RejectedLine } from '../journal-target.ts'

/** A call that the database refused, and why. One JSON line of `dead-letters.jsonl`. */
export interface DeadLetter {
  /** When it was refused, ISO 8601. */
  readonly at: string
  readonly reason: string
  readonly message: string
  /** The call line. */
  readonly line: string
}

/** Keeps refused calls beside the journal. Several processes may do so at once. */
export interface DeadLetterBox {
  /** Keeps each line once, however often it is refused. They are on the disk when this returns; throws what the file system throws. */
  keep(rejected: readonly RejectedLine[]): void
  /** How many of these lines it holds. */
  countOf(lines: readonly string[]): number
}

const NEWLINE = 0x0a
const PIECE_BYTES = 1024 * 1024
// Many times what one segment can hold. A call that is refused again after so many others has a second letter.
const MAX_HASHES = 200_000
const MAX_TRIES = 3

/** `onRead` is called after each piece that is read of a large file: it takes seconds, in which others must see that we live. */
export function createDeadLetterBox(folder: string, onRead: () => void = () => {}): DeadLetterBox {
  const path = join(folder, DEAD_LETTERS_FILE)
  const held = createRecentHashes()
  let ino: number | undefined
  let readTo = 0
  // Others write to the same file, and a requeue takes it away: what was added since the last look is read.
  const readOn = (descriptor: number) => {
    const stats = fstatSync(descriptor)
    if (stats.ino !== ino || stats.size < readTo) {
      held.clear()
      readTo = 0
      ino = stats.ino
    }
    for (let pieceBytes = PIECE_BYTES; readTo < stats.size;) {
      const bytes = readFrom(descriptor, readTo, Math.min(stats.size, readTo + pieceBytes))
      const end = bytes.lastIndexOf(NEWLINE) + 1
      if (end === 0 && bytes.length < pieceBytes) return { isTorn: bytes.length > 0 }
      for (const { line } of parseLetters(bytes.subarray(0, end).toString())) held.add(hashOf(line))
      readTo += end
      // A letter may be longer than a piece.
      pieceBytes = end === 0 ? pieceBytes * 2 : PIECE_BYTES
      onRead()
    }
    return { isTorn: false }
  }
  /** False if the file was taken away meanwhile, perhaps without what was written to it. */
  const write = (rejected: readonly RejectedLine[]): boolean => {
    const descriptor = openSync(path, 'a+', 0o600)
    try {
      const { isTorn } = readOn(descriptor)
      const added = new Map(rejected.map((letter) => [hashOf(letter.line), letter]))
      for (const hash of added.keys()) if (held.has(hash)) added.delete(hash)
      if (added.size === 0) return true
      // What a process that died has left half written must not take the next letter with it.
      const bytes = Buffer.from(`${isTorn ? '\n' : ''}${textOf([...added.values()])}`)
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
      syncQuietly(descriptor)
      if (!isStillAt(path, descriptor)) {
        ino = undefined
        return false
      }
      // Not before: what a write that failed has left behind is found out by the next look.
      for (const hash of added.keys()) held.add(hash)
      return true
    } finally {
      closeSync(descriptor)
    }
  }
  return {
    keep(rejected) {
      if (rejected.length === 0) return
      // Some file systems give a file several numbers: no end of tries would help there.
      for (let tries = 0; tries < MAX_TRIES; tries += 1) if (write(rejected)) return
    },
    countOf(lines) {
      try {
        const descriptor = openSync(path, 'r')
        try {
          readOn(descriptor)
        } finally {
          closeSync(descriptor)
        }
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error
        return 0
      }
      return lines.filter((line) => held.has(hashOf(line))).length
    },
  }
}

/** Dead letters that nobody else takes. */
export interface TakenLetters {
  readonly letters: readonly DeadLetter[]
  /** They are safe elsewhere. Without this they are taken again next time. */
  done(): void
}

const TAKEN = /^dead-letters\..+\.taken$/

/** Takes every dead letter out of a journal folder, those of a taking that was broken off included. */
export function takeDeadLetters(folder: string): TakenLetters {
  try {
    renameSync(join(folder, DEAD_LETTERS_FILE), join(folder, `dead-letters.${newWriterName()}.taken`))
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  const files = (isFolder(folder) ? readdirSync(folder) : [])
    .filter((name) => TAKEN.test(name))
    .map((name) => join(folder, name))
  return {
    letters: files.flatMap((file) => parseLetters(readFileSync(file, 'utf8'))),
    done: () => files.forEach((file) => unlinkSync(file)),
  }
}

// The newest ones; a folder that nobody empties must not fill the memory.
function createRecentHashes() {
  const hashes = new Set<string>()
  return {
    add(hash: string) {
      hashes.add(hash)
      if (hashes.size <= MAX_HASHES) return
      for (const oldest of hashes) {
        hashes.delete(oldest)
        break
      }
    },
    has: (hash: string) => hashes.has(hash),
    clear: () => hashes.clear(),
  }
}

function isStillAt(path: string, descriptor: number): boolean {
  const own = fstatSync(descriptor)
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.dev === own.dev && found.ino === own.ino
}

function isFolder(folder: string): boolean {
  try {
    readdirSync(folder)
    return true
  } catch {
    return false
  }
}

function textOf(rejected: readonly RejectedLine[]): string {
  const at = new Date().toISOString()
  return rejected.map(({ line, reason, message }) => `${JSON.stringify({ at, reason, message, line })}\n`).join('')
}

function parseLetters(text: string): readonly DeadLetter[] {
  return text.split('\n').flatMap(parseLetter)
}

// The last line may be torn.
function parseLetter(text: string): DeadLetter[] {
  try {
    const letter = JSON.parse(text) as DeadLetter | null // written by a box; a foreign line has no line
    return typeof letter?.line === 'string' ? [letter] : []
  } catch {
    return []
  }
}

function readFrom(descriptor: number, from: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - from)
  let read = 0
  while (read < bytes.length) {
    const count = readSync(descriptor, bytes, read, bytes.length - read, from + read)
    if (count === 0) break
    read += count
  }
  return bytes.subarray(0, read)
}

// The segment goes once its calls are stored, and a cut of power must not find the letters in memory only. A disk that
// cannot sync keeps them as it keeps everything else.
function syncQuietly(descriptor: number): void {
  try {
    fdatasyncSync(descriptor)
  } catch {
    // They are written all the same.
  }
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('base64')
}
