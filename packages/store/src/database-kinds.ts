import type { DatabaseAddress, DatabaseKind } from './databases/database.ts'
import { POSTGRES } from './databases/postgres/kind.ts'
import { SQLITE } from './databases/sqlite/kind.ts'

/** Every kind of database that can hold a store. The code of a kind is loaded when it is opened. */
export const DATABASE_KINDS: readonly DatabaseKind[] = [SQLITE, POSTGRES]

/** The kind of database at an address; undefined if unknown. */
export function databaseKindOf(address: DatabaseAddress): DatabaseKind | undefined {
  return DATABASE_KINDS.find((kind) => kind.matches(address))
}
