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

/** One JSON line for each refused call, with the current time. */
export function toLetterText(rejected: readonly RejectedLine[]): string {
  const at = new Date().toISOString()
  return rejected.map(({ line, reason, message }) => `${JSON.stringify({ at, reason, message, line })}\n`).join('')
}

/** Reads letters. Skips a line that is not a letter; the last one may be half written. */
export function parseLetters(text: string): readonly DeadLetter[] {
  return text.split('\n').flatMap(parseLetter)
}

function parseLetter(text: string): DeadLetter[] {
  try {
    const letter = JSON.parse(text) as DeadLetter | null // written by `toLetterText`; a foreign line has no `line`
    return typeof letter?.line === 'string' ? [letter] : []
  } catch {
    return []
  }
}
