import { type Dialect, Kysely } from 'kysely'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import { createCallTables } from './call-tables.ts'
import type { DatabaseKind, OpenDatabase, OpenDatabaseOptions } from './database.ts'
import { type DatabaseWriter, guardedWriter, refusingWriter } from './database-writer.ts'
import type { Guard } from './guard.ts'
import { createSmallTables } from './small-tables.ts'

/** A connected SQL database with its tables in place. */
export interface SqlConnection {
  /** The name of the database in messages, without a password. */
  readonly name: string
  /** Rejects every access after `close`, and explains errors. */
  readonly guard: Guard
  readonly kind: Pick<DatabaseKind, 'id' | 'name' | 'abilities'>
  readonly functions: SqlFunctions
  /** The connection for kysely; every statement goes through the guard. */
  readonly dialect: Dialect
  /** Creates the write path; not called for a database that is open for reading only. */
  createWriter(): DatabaseWriter
  /** Ends the connection; called once. */
  end(): void | Promise<void>
}

/** Creates the two sides of a store from a connection: the part that all SQL databases share. */
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
