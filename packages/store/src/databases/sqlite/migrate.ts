import type { DatabaseSync } from 'node:sqlite'
import { type Migration, MIGRATIONS, SCHEMA_MAJOR } from '../migrations.ts'
import { SQLITE_WORDS } from './schema.ts'
import { inTransaction } from './transaction.ts'

/**
 * Creates or updates the schema of a database, one process at a time. Rejects, without a change, a file that belongs to
 * another application and a schema of a newer major version; a newer minor version is left unchanged and can be used.
 */
export function migrateSqlite(database: DatabaseSync, path: string, now: () => number): void {
  if (pendingOf(database, path).length === 0) return
  inTransaction(database, () => {
    // Checked again, because another process may have been faster.
    for (const { major, version, sql } of pendingOf(database, path)) {
      database.exec(sql(SQLITE_WORDS))
      database
        .prepare('INSERT INTO spanledger_migrations (version, major, applied_at) VALUES (?, ?, ?)')
        .run(version, major, now())
    }
  })
}

/** Rejects every file that `migrateSqlite` rejects or would change. For databases that are open for reading only. */
export function checkSqliteSchema(database: DatabaseSync, path: string): void {
  if (pendingOf(database, path).length > 0) {
    throw new Error(
      `${path} has no Spanledger tables, or those of an older version; open it for writing once to update it`,
    )
  }
}

function pendingOf(database: DatabaseSync, path: string): readonly Migration[] {
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
  if (tables.length === 0) return MIGRATIONS
  if (!tables.some(({ name }) => name === 'spanledger_migrations')) {
    throw new Error(`${path} belongs to another application and was left unchanged; give Spanledger a file of its own`)
  }
  const applied = database
    .prepare('SELECT max(major) AS major, max(version) AS version FROM spanledger_migrations')
    .get()
  const major = Number(applied?.['major'] ?? 0)
  if (major > SCHEMA_MAJOR) {
    throw new Error(
      `${path} was written by a newer Spanledger (schema ${major}; this version supports ${SCHEMA_MAJOR}); update Spanledger here`,
    )
  }
  return MIGRATIONS.filter(({ version }) => version > Number(applied?.['version'] ?? 0))
}
