import type { DatabaseAddress, DatabaseKind } from './databases/database.ts'
import { POSTGRES } from './databases/postgres/kind.ts'
import { SQLITE } from './databases/sqlite/kind.ts'

/** Every kind of database that a store can be in. What a kind needs is loaded when it is opened. */
export const DATABASE_KINDS: readonly DatabaseKind[] = [SQLITE, POSTGRES]

/** The kind of database that an address names; undefined if there is none. */
export function databaseKindOf(address: DatabaseAddress): DatabaseKind | undefined {
  return DATABASE_KINDS.find((kind) => kind.matches(address))
}
