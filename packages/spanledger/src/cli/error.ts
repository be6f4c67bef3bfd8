import { errorMessageOf } from '@spanledger/core'
/** The command was used wrongly: exit code 2 instead of 1. The message is a sentence that says what would work. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What went wrong, as one line for a person. */
export function sentenceOf(error: unknown): string {
  const message = errorMessageOf(error)
  return message === '' ? 'Something failed without a word' : message
}
