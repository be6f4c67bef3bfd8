import type { PriceFile } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import type { JournalPosition, WriteResult } from '../../calls/writing.ts'
import { positionRowOf } from '../../journal/journal-position.ts'
import { priceFileOf, priceRowsOf } from '../../prices/price-row.ts'
import type { NamedProject, Project } from '../../projects/project.ts'
import { cleanText } from '../../sql/clean-text.ts'
import type { PriceRow, ProjectRow } from '../../sql/tables.ts'
import type { SqliteStatements } from './statements.ts'

/** Stores the position of a journal and the results of its calls, inside a transaction. */
export function putPosition(
  statements: SqliteStatements,
  position: JournalPosition,
  { result, now }: { readonly result: WriteResult; readonly now: number },
): void {
  const { segment, byte_offset, stored, deduplicated, rejected } = positionRowOf(position, result)
  statements.putPosition.run(segment, byte_offset, stored, deduplicated, rejected, now)
}

/** Deletes the positions of segments, inside a transaction. */
export function deletePositions(statements: SqliteStatements, segments: readonly string[]): void {
  for (const segment of segments) statements.deletePosition.run(cleanText(segment))
}

/** Creates the projects that do not exist, inside a transaction. */
export function insertProjects(statements: SqliteStatements, ids: Iterable<string>, createdAt: number): void {
  for (const id of ids) statements.insertProject.run(id, id, createdAt)
}

/** Creates or renames a project, inside a transaction. */
export function putProject(statements: SqliteStatements, project: NamedProject, now: number): Project {
  const id = cleanText(project.id)
  const name = project.name === undefined ? undefined : cleanText(project.name)
  statements.insertProject.run(id, name ?? id, now)
  if (name !== undefined) statements.renameProject.run(name, id)
  // Just inserted, or already stored.
  const row = statements.selectProject.get(id) as unknown as ProjectRow
  return { id: row.id, name: row.name, createdAt: row.created_at }
}

/** Replaces the prices, inside a transaction. */
export function putPrices(database: DatabaseSync, change: (prices: PriceFile) => PriceFile, now: number): PriceFile {
  const rows = database.prepare('SELECT * FROM prices ORDER BY id').all() as unknown as PriceRow[] // its columns
  const next = change(priceFileOf(rows))
  const nextRows = priceRowsOf(next, rows, now)
  database.exec('DELETE FROM prices')
  const insert = database.prepare('INSERT INTO prices (provider, model, price, created_at) VALUES (?, ?, ?, ?)')
  for (const { provider, model, price, created_at } of nextRows) insert.run(provider, model, price, created_at)
  return next
}
