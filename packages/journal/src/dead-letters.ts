import { appendFileSync, readdirSync, readFileSync, renameSync, unlinkSync } from 'node:fs'
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
export function keepDeadLetters(folder: string, rejected: readonly RejectedLine[]): void {
  if (rejected.length === 0) return
  const at = new Date().toISOString()
  const text = rejected
    .map(({ line, reason, message }) => `${JSON.stringify({ at, reason, message, line })}\n`)
    .join('')
  appendFileSync(join(folder, DEAD_LETTERS_FILE), text, { mode: 0o600 })
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
    letters: files.flatMap((file) => readFileSync(file, 'utf8').split('\n').flatMap(parseLetter)),
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

// The last line may be torn.
function parseLetter(text: string): DeadLetter[] {
  try {
    const letter = JSON.parse(text) as DeadLetter | null // written by `keepDeadLetters`; a foreign line has no line
    return typeof letter?.line === 'string' ? [letter] : []
  } catch {
    return []
  }
}
