import type { DatabaseKind } from '../database.ts'

/** Postgres: a schema of a database on a server. */
export const POSTGRES: DatabaseKind = {
  id: 'postgres',
  name: 'PostgreSQL',
  place: 'server',
  example: 'postgres://user@host/database',
  abilities: { keepsRollups: true, hasTransactions: true },
  matches: ({ url, path }) => path === undefined && url !== undefined && /^postgres(?:ql)?:/i.test(url),
  load: async () => void (await import('./postgres.ts')),
  open: async (options) => (await import('./postgres.ts')).openPostgres(options),
}
