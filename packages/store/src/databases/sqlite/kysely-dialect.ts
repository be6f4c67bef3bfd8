import { SqliteDialect } from 'kysely'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { cleanParameters } from '../../sql/clean-text.ts'
import type { Guard } from '../guard.ts'

/** The kysely dialect of an open file. Its statements never run inside a write transaction, because writes are synchronous. */
export function kyselyDialectOf(database: DatabaseSync, guard: Guard): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => undefined,
      prepare(text) {
        const statement = guard.run(() => database.prepare(text))
        const values = (parameters: readonly unknown[]): SQLInputValue[] =>
          cleanParameters(parameters) as SQLInputValue[] // texts and numbers
        return {
          reader: true,
          all: (parameters) => guard.run(() => statement.all(...values(parameters))),
          run: (parameters) => guard.run(() => statement.run(...values(parameters))),
          iterate: (parameters) => guard.run(() => statement.iterate(...values(parameters))),
        }
      },
    },
  })
}
