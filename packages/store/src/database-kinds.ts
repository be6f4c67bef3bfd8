import type { DatabaseAddress, DatabaseKind } from './databases/database.ts'
import { POSTGRES } from './databases/postgres/postgres.ts'
import { SQLITE } from './databases/sqlite/sqlite.ts'

/** Every kind of database that a store can be in. */
const KINDS: readonly DatabaseKind[] = [SQLITE, POSTGRES]

/** The kind of database that an address names. Throws if there is none. */
export function kindOf(address: DatabaseAddress): DatabaseKind {
  const kind = KINDS.find((known) => known.matches(address))
  if (kind !== undefined) return kind
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(address.url ?? '')?.[0] ?? 'no scheme' // the rest may hold a password
  const examples = KINDS.map(({ example }) => example).join(' or ')
  throw new Error(`Cannot open a store of this kind (${scheme}); use ${examples}`)
}
