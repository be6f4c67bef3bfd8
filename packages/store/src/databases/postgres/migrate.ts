import { type Migration, MIGRATIONS, SCHEMA_MAJOR } from '../migrations.ts'
import { type PostgresAddress, type PostgresClient, type PostgresPool, quoted, withClient } from './pool.ts'
import { POSTGRES_WORDS, WIND_LOG_CLOCK } from './schema.ts'
import { inPostgresTransaction } from './transaction.ts'

// Creating an index over many calls takes long.
const MIGRATION_TIMEOUT_MS = 3_600_000
const OLDEST_SERVER = 13

/**
 * Creates or updates our schema of a database, one process at a time. Rejects, without a change, a schema that belongs to
 * another application or has a newer major version; a newer minor version is left unchanged and can be used.
 */
export async function migratePostgres(pool: PostgresPool, address: PostgresAddress, now: () => number): Promise<void> {
  const pending = await withClient(pool, (client) => pendingOf(client, address))
  if (pending.length > 0) {
    await inPostgresTransaction(pool, async (client) => {
      await client.query(
        `SET LOCAL statement_timeout = ${MIGRATION_TIMEOUT_MS}; SET LOCAL lock_timeout = ${MIGRATION_TIMEOUT_MS}`,
      )
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`spanledger ${address.schema}`])
      // Checked again, because another process may have been faster.
      await migrate(client, await pendingOf(client, address), { address, now: now() })
    })
  }
  await withClient(pool, (client) => client.query(WIND_LOG_CLOCK))
}

/** Rejects every schema that `migratePostgres` rejects or would change. For databases that are open for reading only. */
export async function checkPostgresSchema(pool: PostgresPool, address: PostgresAddress): Promise<void> {
  const pending = await withClient(pool, (client) => pendingOf(client, address))
  if (pending.length > 0) {
    throw new Error(
      `${address.name} has no Spanledger tables, or those of an older version; open it for writing once to update it`,
    )
  }
}

async function migrate(
  client: PostgresClient,
  pending: readonly Migration[],
  { address, now }: { readonly address: PostgresAddress; readonly now: number },
): Promise<void> {
  if (pending.length === 0) return
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [address.schema])
  // Checked first, because even IF NOT EXISTS needs the privilege to create schemas.
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${quoted(address.schema)}`)
  for (const { major, version, sql } of pending) {
    await client.query(sql(POSTGRES_WORDS))
    await client.query('INSERT INTO spanledger_migrations (version, major, applied_at) VALUES ($1, $2, $3)', [
      version,
      major,
      now,
    ])
  }
}

async function pendingOf(client: PostgresClient, { schema, name }: PostgresAddress): Promise<readonly Migration[]> {
  const { rows } = await client.query(
    `SELECT relname AS table, current_setting('server_version_num')::integer / 10000 AS server
     FROM (SELECT 1) AS one LEFT JOIN pg_class ON relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace =
       (SELECT oid FROM pg_namespace WHERE nspname = $1)`,
    [schema],
  )
  const found = rows as { readonly table: string | null; readonly server: number }[]
  const server = found[0]?.server ?? 0
  if (server < OLDEST_SERVER) {
    throw new Error(`${name} is Postgres ${server}; Spanledger needs ${OLDEST_SERVER} or newer`)
  }
  if (found.every(({ table }) => table === null)) return MIGRATIONS
  if (!found.some(({ table }) => table === 'spanledger_migrations')) {
    throw new Error(
      `${name} holds the tables of another application and was left unchanged; give Spanledger a schema of its own (?schema=…)`,
    )
  }
  return newerThan(await appliedOf(client), name)
}

interface Applied {
  readonly major: number | null
  readonly version: number | null
}

async function appliedOf(client: PostgresClient): Promise<Applied> {
  const { rows } = await client.query('SELECT max(major) AS major, max(version) AS version FROM spanledger_migrations')
  return rows[0] as Applied // it has one row
}

function newerThan({ major, version }: Applied, name: string): readonly Migration[] {
  if ((major ?? 0) > SCHEMA_MAJOR) {
    throw new Error(
      `${name} was written by a newer Spanledger (schema ${major}; this version supports ${SCHEMA_MAJOR}); update Spanledger here`,
    )
  }
  return MIGRATIONS.filter((migration) => migration.version > (version ?? 0))
}
