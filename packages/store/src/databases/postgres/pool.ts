import { isConnectionFault } from './errors.ts'

/** What the store needs of a connection of `pg`. */
export interface PostgresClient {
  query(text: string, values?: readonly unknown[]): Promise<PostgresResult>
  /** Returns it to the pool; with `true` it is not used again. */
  release(destroy?: boolean): void
}

/** What the store needs of a pool of `pg`. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  end(): Promise<void>
}

/** The answer of a statement. */
export interface PostgresResult {
  readonly rows: readonly unknown[]
  readonly rowCount: number | null
}

/** Which database, and what a statement may cost. */
export interface PostgresPlace {
  /** The address without our own parameters. */
  readonly connectionString: string
  readonly schema: string
  /** Host, port, database and schema, for messages: no password. */
  readonly name: string
}

interface PoolOptions extends PostgresPlace {
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

/** Makes a pool of connections that see our schema only. Rejects if the driver is missing. Connects later. */
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
    // Every count that a table takes is a whole number below 2^53.
    types: {
      getTypeParser: (oid: number, format?: string) =>
        (oid === INT8 || oid === NUMERIC) && format !== 'binary' ? Number : types.getTypeParser(oid, format),
    },
  })
  // Without these a connection that is cut would end the process. Its user learns of it from the query; one that nobody
  // uses is replaced.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return preparing(pool, sessionOf(options))
}

/** Lends a connection to the body, one that is in order. */
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

/** A name as SQL takes it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

// By a statement and not while connecting, because some poolers refuse to connect with settings.
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
    const isMissing = cause instanceof Error && 'code' in cause && String(cause.code).endsWith('MODULE_NOT_FOUND')
    if (!isMissing) throw cause
    throw new Error('The Postgres driver is missing; install it with "npm install pg"', { cause })
  }
}
