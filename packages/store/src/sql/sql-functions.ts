import type { Expression, RawBuilder, SqlBool } from 'kysely'

/**
 * The SQL that differs between databases; the rest of each query is shared. Every database must return counts, times and
 * totals as numbers: if its driver returns text or bigint, they must be converted.
 */
export interface SqlFunctions {
  /** The sum over all rows, or those that match a condition: exact for integers up to 2^53-1, no overflow, 0 without rows. */
  total(column: Expression<unknown>, condition?: Expression<unknown>): RawBuilder<number>
  /** The tags of `calls` as a table, one a row, in column `value`. */
  readonly tags: RawBuilder<{ value: string }>
  /** The metadata of `calls` as a table, one entry a row: `key`, and `value` as text if it is a text, number or boolean. */
  readonly metadata: RawBuilder<{ key: string; value: string }>
  /** The elements of a JSON list (as text) as a table, one a row, in column `value`. */
  elements(list: string): RawBuilder<{ value: unknown }>
  /** A non-negative number rounded down to an integer. NULL for NULL. */
  floor(value: Expression<unknown>): RawBuilder<number>
  /** The texts of a group, joined with spaces. */
  joined(text: Expression<unknown>): RawBuilder<string | null>
  /** Whether the column contains the text, ignoring case. */
  contains(column: Expression<unknown>, text: string): RawBuilder<SqlBool>
  /** True for a row of `calls` if no other row can still be committed before it in the log. */
  readonly isSettled: RawBuilder<SqlBool>
  /** The size of this database on disk, in bytes. */
  readonly sizeBytes: RawBuilder<number>
}
