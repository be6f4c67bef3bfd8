import type { DatabaseKind } from '../database.ts'

/** SQLite, in a file or in memory. */
export const SQLITE: DatabaseKind = {
  id: 'sqlite',
  name: 'SQLite',
  place: 'file',
  example: 'file:PATH',
  abilities: { keepsRollups: true, hasTransactions: true },
  matches: ({ url, path }) => path !== undefined || url?.startsWith('file:') === true,
  load: async () => void (await import('./sqlite.ts')),
  open: async (options) => (await import('./sqlite.ts')).openSqlite(options),
}
