import { errorMessageOf } from '@spanledger/core'

/** A mistake in the use of a command: exit code 2 instead of 1. The message is a sentence that says what would work. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The message of an error, for a person. */
export function sentenceOf(error: unknown): string {
  const message = errorMessageOf(error)
  return message === '' ? 'An error without a message' : message
}
