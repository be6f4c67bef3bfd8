import { errorCodeOf } from '@spanledger/core'

import { isConnectionFault } from './errors.ts'

/** The part of a `pg` client that the store uses. */
export interface PostgresClient {
  query(text: string, values?: readonly unknown[]): Promise<PostgresResult>
  /** Returns it to the pool; with `true` it is closed instead. */
  release(destroy?: boolean): void
}

/** The part of a `pg` pool that the store uses. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  end(): Promise<void>
}

/** The result of a statement. */
export interface PostgresResult {
  readonly rows: readonly unknown[]
  readonly rowCount: number | null
}

/** A schema of a database, and how to connect to it. */
export interface PostgresAddress {
  /** The URL without our own parameters. */
  readonly connectionString: string
  readonly schema: string
  /** Host, port, database and schema, for messages: no password. */
  readonly name: string
}

interface PoolOptions extends PostgresAddress {
  readonly readOnly: boolean
  /** How long to wait for a connection, and for a lock. */
  readonly busyTimeoutMs: number
  /** At most. */
  readonly connections: number
}

interface PgModule {
  readonly Pool: new (options: object) => PgPool
  readonly types: { getTypeParser(oid: number, format?: string): unknown }
}

interface PgPool extends PostgresPool {
  on(event: 'error' | 'connect', listener: (client: PgEvents) => void): unknown
}

interface PgEvents {
  on(event: 'error', listener: () => void): unknown
}

const STATEMENT_TIMEOUT_MS = 30_000

const INT8 = 20
const NUMERIC = 1700

/** Creates a pool of connections that use our schema only; connects on demand. Rejects if the driver is missing. */
export async function createPostgresPool(options: PoolOptions): Promise<PostgresPool> {
  const { connectionString, busyTimeoutMs, connections } = options
  const { Pool, types } = await importPg()
  const pool = new Pool({
    connectionString,
    max: connections,
    connectionTimeoutMillis: busyTimeoutMs,
    keepAlive: true,
    // A program that forgets to close the store can still end.
    allowExitOnIdle: true,
    // The tables hold only whole numbers below 2^53.
    types: {
      getTypeParser: (oid: number, format?: string) =>
        (oid === INT8 || oid === NUMERIC) && format !== 'binary' ? Number : types.getTypeParser(oid, format),
    },
  })
  // Without these listeners a lost connection would end the process. A query in progress rejects; an idle connection is
  // replaced.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return preparing(pool, sessionOf(options))
}

/** Runs the body with a connection of the pool; a broken one is discarded afterwards. */
export async function withClient<Result>(
  pool: PostgresPool,
  body: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let isBroken = false
  try {
    return await body(client)
  } catch (error) {
    isBroken = isConnectionFault(error)
    throw error
  } finally {
    client.release(isBroken)
  }
}

function sessionOf({ schema, readOnly, busyTimeoutMs }: PoolOptions): string {
  return `
    SET search_path = ${quoted(schema)};
    SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
    SET lock_timeout = ${Math.round(busyTimeoutMs)};
    SET idle_in_transaction_session_timeout = ${STATEMENT_TIMEOUT_MS};
    ${readOnly ? 'SET default_transaction_read_only = on;' : ''}`
}

/** A name as a quoted SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

// By a statement rather than by connection parameters, because some connection poolers reject those.
function preparing(pool: PostgresPool, session: string): PostgresPool {
  const prepared = new WeakSet<PostgresClient>()
  return {
    async connect() {
      const client = await pool.connect()
      if (prepared.has(client)) return client
      try {
        await client.query(session)
      } catch (error) {
        client.release(true)
        throw error
      }
      prepared.add(client)
      return client
    },
    end: () => pool.end(),
  }
}

async function importPg(): Promise<PgModule> {
  try {
    return await import('pg')
  } catch (cause) {
    if (errorCodeOf(cause)?.endsWith('MODULE_NOT_FOUND') !== true) throw cause
    throw new Error('The Postgres driver is missing; install it with "npm install pg"', { cause })
  }
}
