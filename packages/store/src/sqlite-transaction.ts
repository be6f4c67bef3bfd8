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

/** Runs the body inside a transaction. If it throws, nothing of it has happened, and the transaction goes on. */
export function inSavepoint<Result>(database: DatabaseSync, body: () => Result): Result {
  database.exec('SAVEPOINT part')
  try {
    const result = body()
    database.exec('RELEASE part')
    return result
  } catch (error) {
    database.exec('ROLLBACK TO part; RELEASE part')
    throw error
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
