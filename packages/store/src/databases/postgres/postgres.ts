import type { OpenDatabase, OpenDatabaseOptions } from '../database.ts'
import { createGuard } from '../guard.ts'
import { openDatabase } from '../open-database.ts'
import { withPostgresSentence } from './errors.ts'
import { POSTGRES_FUNCTIONS } from './functions.ts'
import { POSTGRES } from './kind.ts'
import { kyselyDialectOf } from './kysely-dialect.ts'
import { checkPostgresSchema, migratePostgres } from './migrate.ts'
import { createPostgresPool } from './pool.ts'
import { parsePostgresUrl } from './url.ts'
import { createPostgresWriter } from './writer.ts'

/** Opens a schema of a Postgres database and creates or updates its tables. */
export async function openPostgres(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { url = '', readOnly, busyTimeoutMs, now } = options
  const address = parsePostgresUrl(url)
  const { name } = address
  // Queries have a pool of their own, so that long ones do not hold up writes. Both are small: connections are scarce.
  const pool = await createPostgresPool({ ...address, readOnly, busyTimeoutMs, connections: 2 })
  const readers = await createPostgresPool({ ...address, readOnly, busyTimeoutMs, connections: 3 })
  const guard = createGuard({ name, withSentence: (error) => withPostgresSentence(error, name) })
  try {
    await guard.wait(() => (readOnly ? checkPostgresSchema(pool, address) : migratePostgres(pool, address, now)))
  } catch (error) {
    await pool.end()
    throw error
  }
  return openDatabase(
    {
      name,
      guard,
      kind: POSTGRES,
      functions: POSTGRES_FUNCTIONS,
      dialect: kyselyDialectOf(readers, guard),
      createWriter: () => createPostgresWriter(pool, options),
      async end() {
        await Promise.all([pool.end(), readers.end()])
      },
    },
    options,
  )
}
