import type { DatabaseKind } from '../database.ts'
import { createGuard } from '../guard.ts'
import { openDatabase } from '../open-database.ts'
import { withPostgresSentence } from './errors.ts'
import { POSTGRES_FUNCTIONS } from './functions.ts'
import { kyselyDialectOf } from './kysely-dialect.ts'
import { checkPostgresSchema, migratePostgres } from './migrate.ts'
import { createPostgresPool } from './pool.ts'
import { isPostgresUrl, parsePostgresUrl } from './url.ts'
import { createPostgresWriter } from './writer.ts'

/** Postgres: a schema of a database on a server. */
export const POSTGRES: DatabaseKind = {
  id: 'postgres',
  name: 'PostgreSQL',
  example: 'postgres://…',
  abilities: { keepsRollups: true, hasTransactions: true },
  matches: ({ url, path }) => path === undefined && url !== undefined && isPostgresUrl(url),
  async open(options) {
    const { url = '', readOnly, busyTimeoutMs, now } = options
    const place = parsePostgresUrl(url)
    const { name } = place
    // Queries that take long leave the writer its connections. Databases have few to give.
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
  },
}
