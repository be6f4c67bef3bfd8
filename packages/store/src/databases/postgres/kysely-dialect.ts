import { PostgresDialect } from 'kysely'
import { cleanParameters } from '../../sql/clean-text.ts'
import type { Guard } from '../guard.ts'
import type { PostgresPool } from './pool.ts'

/** The kysely dialect of a pool of connections. */
export function kyselyDialectOf(pool: PostgresPool, guard: Guard): PostgresDialect {
  return new PostgresDialect({
    pool: {
      options: {},
      end: async () => undefined,
      connect: () =>
        guard.wait(async () => {
          const client = await pool.connect()
          return {
            release: (destroy) => client.release(destroy),
            // Kysely passes a cursor only if the dialect has them, so this is always a text.
            query: ((text: string, parameters: readonly unknown[]) =>
              guard.wait(() => client.query(text, cleanParameters(parameters)))) as never,
          }
        }),
    },
  })
}
