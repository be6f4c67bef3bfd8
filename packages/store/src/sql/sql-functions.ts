import type { Expression, RawBuilder, SqlBool } from 'kysely'

/**
 * The SQL that databases write differently; everything else in a query is the same for all. Every database returns counts,
 * times and totals as numbers: a driver that has them as text or bigint must convert them.
 */
export interface SqlFunctions {
  /** Adds up all rows, or those of a condition: exact for integers up to 2^53-1, never an overflow, 0 without rows. */
  total(column: Expression<unknown>, condition?: Expression<unknown>): RawBuilder<number>
  /** The tags of `calls` as a table with a row for each in column `value`. */
  readonly tags: RawBuilder<{ value: string }>
  /** A JSON list, given as text, as a table with a row for each element in column `value`. */
  elements(list: string): RawBuilder<{ value: unknown }>
  /** A non-negative number rounded down to an integer. NULL for NULL. */
  floor(value: Expression<unknown>): RawBuilder<number>
  /** All texts of a group, with a space between them. */
  joined(text: Expression<unknown>): RawBuilder<string | null>
  /** Whether the text is in the column, in upper or lower case. */
  contains(column: Expression<unknown>, text: string): RawBuilder<SqlBool>
  /** True for a row of `calls` before which in the log no other can be committed any more. */
  readonly isSettled: RawBuilder<SqlBool>
  /** The bytes of this database on disk. */
  readonly sizeBytes: RawBuilder<number>
}
