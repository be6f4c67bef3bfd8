import { type Dialect, Kysely } from 'kysely'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import { createCallTables } from './call-tables.ts'
import type { DatabaseKind, OpenDatabase, OpenDatabaseOptions } from './database.ts'
import { type DatabaseWriter, guardedWriter, refusingWriter } from './database-writer.ts'
import type { Guard } from './guard.ts'
import { createSmallTables } from './small-tables.ts'

/** A connected database that speaks SQL, with its tables in place. */
export interface SqlConnection {
  /** Names the database in messages, without a password. */
  readonly name: string
  /** Refuses after `close`, and gives errors their sentences. */
  readonly guard: Guard
  readonly kind: Pick<DatabaseKind, 'id' | 'name' | 'abilities'>
  readonly functions: SqlFunctions
  /** How kysely asks it; every statement goes through the guard. */
  readonly dialect: Dialect
  /** Makes its write path; not called for a database that is open for reading only. */
  createWriter(): DatabaseWriter
  /** Ends the connection; called once. */
  end(): void | Promise<void>
}

/** Makes the two sides of a store from a connection; everything that is the same for all databases that speak SQL. */
export function openDatabase(connection: SqlConnection, options: OpenDatabaseOptions): OpenDatabase {
  const { name, guard, kind, functions } = connection
  const db = new Kysely<Tables>({ dialect: connection.dialect })
  const writer = options.readOnly ? refusingWriter(name) : guardedWriter(connection.createWriter(), guard)
  return {
    callTables: createCallTables({ db, functions, writer, kind, options }),
    smallTables: kind.abilities.hasTransactions
      ? (spend) => createSmallTables({ db, functions, writer, now: options.now }, spend)
      : undefined,
    async close() {
      if (guard.close()) await connection.end()
    },
  }
}
