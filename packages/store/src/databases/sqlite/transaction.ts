import type { DatabaseSync } from 'node:sqlite'

/** Runs the body as one transaction that holds the write lock from the start. If it throws, nothing has changed. */
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

/** Runs the body inside a transaction to see whether it throws, and undoes it either way. */
export function tryOut(database: DatabaseSync, body: () => unknown): void {
  database.exec('SAVEPOINT trial')
  try {
    body()
  } finally {
    // A full disk ends the transaction, so there is nothing left to undo.
    if (database.isTransaction) database.exec('ROLLBACK TO trial; RELEASE trial')
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // After a full disk or a failed read SQLite has already rolled back, so this fails. The original error matters more.
  }
}
