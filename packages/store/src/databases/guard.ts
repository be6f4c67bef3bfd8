/** Stands around everything that is asked of a database. */
export interface Guard {
  /** Runs the body unless the database is closed; an error gets a sentence that says how to fix it. */
  run<Result>(body: () => Result): Result
  /** The same for a body that may need time. */
  wait<Result>(body: () => Result | Promise<Result>): Promise<Result>
  /** Refuses everything from now on. False if it was closed already. */
  close(): boolean
}

/** What a guard must know about its database. */
export interface GuardedDatabase {
  /** Names the database in messages, without a password. */
  readonly name: string
  /** The error with a sentence that says what is wrong with the database and how to fix it, if that is known. */
  withSentence(error: unknown): Error
}

/** Makes a guard that is open. */
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
