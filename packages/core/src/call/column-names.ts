import type { CallColumn, CallContent } from './call.ts'
import { CALL_COLUMNS, type Column, CONTENT_COLUMNS, type MergeRule } from './column-table.ts'

/** The names of all columns of a call, in the order of the table. */
export const CALL_COLUMN_NAMES = Object.keys(CALL_COLUMNS) as readonly CallColumn[] // a literal has no other keys

/** The names of all columns of a stored call: those of the call, then those that the store adds. */
export const STORED_COLUMN_NAMES = [...CALL_COLUMN_NAMES, 'created_at', 'ingest_seq'] as const

/** The names of all parts of what was said, in the order of the table. */
export const CONTENT_COLUMN_NAMES = Object.keys(CONTENT_COLUMNS) as readonly (keyof CallContent)[] // as above

/** The columns of a table that merge by one of these rules. */
export type MergedBy<Table, Rule extends MergeRule> = {
  [Name in keyof Table]: Table[Name] extends Column<unknown, Rule> ? Name : never
}[keyof Table]

/** The names of the columns that merge by one of these rules, in the order of the table. */
export function mergedBy<Table extends Readonly<Record<string, Column<unknown>>>, Rule extends MergeRule>(
  table: Table,
  ...rules: readonly Rule[]
): readonly MergedBy<Table, Rule>[] {
  const asked: readonly MergeRule[] = rules
  const names = Object.keys(table).filter((name) => asked.includes(table[name]?.merge ?? 'known'))
  return names as MergedBy<Table, Rule>[] // by the line above
}
