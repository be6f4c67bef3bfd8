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

/** Opens a schema of a Postgres database, and makes or updates its tables. */
export async function openPostgres(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { url = '', readOnly, busyTimeoutMs, now } = options
  const place = parsePostgresUrl(url)
  const { name } = place
  // Queries that take long leave the writer its connections. A database has few of them.
  const pool = await createPostgresPool({ ...place, readOnly, busyTimeoutMs, connections: 2 })
  const asking = await createPostgresPool({ ...place, readOnly, busyTimeoutMs, connections: 3 })
  const guard = createGuard({ name, withSentence: (error) => withPostgresSentence(error, name) })
  try {
    await guard.wait(() => (readOnly ? checkPostgresSchema(pool, place) : migratePostgres(pool, place, now)))
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
      dialect: kyselyDialectOf(asking, guard),
      createWriter: () => createPostgresWriter(pool, options),
      async end() {
        await Promise.all([pool.end(), asking.end()])
      },
    },
    options,
  )
}
