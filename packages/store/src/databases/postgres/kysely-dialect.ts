import { PostgresDialect } from 'kysely'
import { cleanParameters } from '../../sql/clean-text.ts'
import type { Guard } from '../guard.ts'
import type { PostgresPool } from './pool.ts'

/** How kysely asks the connections of a pool. */
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
            // It has no cursors to ask with, so it is only ever given a text.
            query: ((text: string, parameters: readonly unknown[]) =>
              guard.wait(() => client.query(text, cleanParameters(parameters)))) as never,
          }
        }),
    },
  })
}
