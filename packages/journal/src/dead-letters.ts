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
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DEAD_LETTERS_FILE, isCode, newWriterName } from './journal-folder.ts'
import type { RejectedLine } from './journal-target.ts'

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

export function createDeadLetterBox(folder: string): DeadLetterBox {
  const path = join(folder, DEAD_LETTERS_FILE)
  const held = new Set<string>()
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
    const bytes = readFrom(descriptor, readTo, stats.size)
    const end = bytes.lastIndexOf(NEWLINE) + 1
    for (const { line } of parseLetters(bytes.subarray(0, end).toString())) held.add(hashOf(line))
    readTo += end
    return { isTorn: end < bytes.length }
  }
  return {
    keep(rejected) {
      if (rejected.length === 0) return
      const descriptor = openSync(path, 'a+', 0o600)
      try {
        const { isTorn } = readOn(descriptor)
        const added = rejected.filter(({ line }) => {
          const hash = hashOf(line)
          if (held.has(hash)) return false
          held.add(hash)
          return true
        })
        if (added.length === 0) return
        // What a process that died has left half written must not take the next letter with it.
        const bytes = Buffer.from(`${isTorn ? '\n' : ''}${textOf(added)}`)
        for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
        syncQuietly(descriptor)
      } catch (error) {
        // What of it has been written is found out by the next look.
        ino = undefined
        throw error
      } finally {
        closeSync(descriptor)
      }
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
