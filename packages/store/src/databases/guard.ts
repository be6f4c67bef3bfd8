/** Wraps every access to a database. */
export interface Guard {
  /** Runs the body unless the database is closed. An error becomes one that says how to fix it. */
  run<Result>(body: () => Result): Result
  /** The same for an asynchronous body. */
  wait<Result>(body: () => Result | Promise<Result>): Promise<Result>
  /** Rejects every further access. False if it was already closed. */
  close(): boolean
}

/** The database behind a guard. */
export interface GuardedDatabase {
  /** The name of the database in messages, without a password. */
  readonly name: string
  /** The error with a sentence that says what is wrong with the database and how to fix it, if known. */
  withSentence(error: unknown): Error
}

/** Creates an open guard. */
export function createGuard({ name, withSentence }: GuardedDatabase): Guard {
  let isOpen = true

  function checkOpen(): void {
    if (!isOpen) throw new Error(`The store at ${name} is closed`)
  }

  return {
    run(body) {
      checkOpen()
      try {
        return body()
      } catch (error) {
        throw withSentence(error)
      }
    },
    async wait(body) {
      checkOpen()
      try {
        return await body()
      } catch (error) {
        throw withSentence(error)
      }
    },
    close() {
      const wasOpen = isOpen
      isOpen = false
      return wasOpen
    },
  }
}
