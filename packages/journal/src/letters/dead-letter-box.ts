import { closeSync, fdatasyncSync, fstatSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isCode } from '../folder/file-errors.ts'
import { DEAD_LETTERS_FILE } from '../folder/journal-folder.ts'
import type { RejectedLine } from '../journal-target.ts'
import { toLetterText } from './dead-letter.ts'
import { createKnownLetters, type KnownLetters } from './known-letters.ts'
import { hashOfLine } from './line-hashes.ts'

/** Keeps refused calls beside the journal. Several processes may do so at the same time. */
export interface DeadLetterBox {
  /**
   * Writes each line once, however often it is refused. When it returns, the letters are on the disk. Throws what the
   * file system throws.
   */
  keep(rejected: readonly RejectedLine[]): void
  /** How many of these lines have a letter. */
  countOf(lines: readonly string[]): number
}

const MAX_TRIES = 3

/** `onRead` is called again and again while a large file is read. That takes seconds, in which leases must be renewed. */
export function createDeadLetterBox(folder: string, onRead: () => void = () => {}): DeadLetterBox {
  const path = join(folder, DEAD_LETTERS_FILE)
  const known = createKnownLetters(onRead)
  return {
    keep(rejected) {
      if (rejected.length === 0) return
      // Some file systems give a file several numbers, so that it never seems to stay where it was.
      for (let tries = 0; tries < MAX_TRIES; tries += 1) if (writeLetters(path, known, rejected)) return
    },
    countOf(lines) {
      try {
        withFile(path, 'r', known.catchUp)
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error
        return 0
      }
      return lines.filter((line) => known.has(hashOfLine(line))).length
    },
  }
}

// False if the file was removed in the meantime, perhaps without what was written to it.
function writeLetters(path: string, known: KnownLetters, rejected: readonly RejectedLine[]): boolean {
  return withFile(path, 'a+', (descriptor) => {
    const isTorn = known.catchUp(descriptor)
    const added = new Map(rejected.map((letter) => [hashOfLine(letter.line), letter]))
    for (const hash of added.keys()) if (known.has(hash)) added.delete(hash)
    if (added.size === 0) return true
    // Half a line of a process that died must not spoil the next letter.
    const bytes = Buffer.from(`${isTorn ? '\n' : ''}${toLetterText([...added.values()])}`)
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
    syncQuietly(descriptor)
    if (!isStillAt(path, descriptor)) {
      known.readAgain()
      return false
    }
    // Only now: what a write that failed has left in the file is found by the next `catchUp`.
    for (const hash of added.keys()) known.add(hash)
    return true
  })
}

function withFile<Result>(path: string, flags: 'r' | 'a+', work: (descriptor: number) => Result): Result {
  const descriptor = openSync(path, flags, 0o600)
  try {
    return work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

// The segment is deleted once its calls are stored, and by then the letters must survive a power cut. On a disk that
// cannot sync, letters are as safe as everything else.
function syncQuietly(descriptor: number): void {
  try {
    fdatasyncSync(descriptor)
  } catch {
    // They are written anyway.
  }
}

function isStillAt(path: string, descriptor: number): boolean {
  const own = fstatSync(descriptor)
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.dev === own.dev && found.ino === own.ino
}
