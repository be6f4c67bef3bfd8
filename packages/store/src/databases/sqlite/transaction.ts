import type { DatabaseSync } from 'node:sqlite'

/** Runs the body as one transaction that holds the write lock from the start. If it throws, nothing has happened. */
export function inTransaction<Result>(database: DatabaseSync, body: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = body()
    database.exec('COMMIT')
    return result
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** Runs the body inside a transaction to see whether it throws. Either way nothing of it has happened. */
export function tryOut(database: DatabaseSync, body: () => unknown): void {
  database.exec('SAVEPOINT trial')
  try {
    body()
  } finally {
    // After a full disk there is no transaction any more, and nothing to take back.
    if (database.isTransaction) database.exec('ROLLBACK TO trial; RELEASE trial')
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // After a full disk or a failed read SQLite has rolled back by itself and says that there is nothing to do.
    // What matters is the error that led here.
  }
}
