import { readFileSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isCode } from '../folder/file-errors.ts'
import { DEAD_LETTERS_FILE, namesIn, newWriterName } from '../folder/journal-folder.ts'
import { type DeadLetter, parseLetters } from './dead-letter.ts'

/** Dead letters that nobody else takes. */
export interface TakenLetters {
  readonly letters: readonly DeadLetter[]
  /** Deletes them, once they are safe elsewhere. Without this they are taken again next time. */
  done(): void
}

const TAKEN = /^dead-letters\..+\.taken$/

/** Takes every dead letter out of a journal folder, including those that were taken before without a call of `done`. */
export function takeDeadLetters(folder: string): TakenLetters {
  try {
    renameSync(join(folder, DEAD_LETTERS_FILE), join(folder, `dead-letters.${newWriterName()}.taken`))
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  const files = namesIn(folder)
    .filter((name) => TAKEN.test(name))
    .map((name) => join(folder, name))
  return {
    letters: files.flatMap((file) => parseLetters(readFileSync(file, 'utf8'))),
    done: () => files.forEach((file) => unlinkSync(file)),
  }
}
