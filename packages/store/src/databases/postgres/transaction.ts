import { setTimeout } from 'node:timers'

import { isConflict } from './errors.ts'
import { type PostgresClient, type PostgresPool, withClient } from './pool.ts'

const ATTEMPTS = 8
const LONGEST_PAUSE_MS = 50

/**
 * Runs the body as one transaction, and repeats it after a conflict with another writer. If it rejects, nothing has
 * changed, unless the connection was lost during the commit.
 */
export async function inPostgresTransaction<Result>(
  pool: PostgresPool,
  body: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withClient(pool, (client) => onceInTransaction(client, body))
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error
      await pause(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

/** Runs the body inside a transaction to see whether it rejects, and undoes it either way. */
export async function tryOut(client: PostgresClient, body: () => Promise<unknown>): Promise<void> {
  await client.query('SAVEPOINT trial')
  try {
    await body()
  } finally {
    await client.query('ROLLBACK TO trial; RELEASE trial')
  }
}

async function onceInTransaction<Result>(
  client: PostgresClient,
  body: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  // Each statement sees what was committed before it: after waiting for a lock, it must see the change of the lock's holder.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  try {
    const result = await body(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // After a lost connection the database rolls back by itself. The original error matters more.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
