import type { Expression, RawBuilder } from 'kysely'

/**
 * What two databases write differently; everything else in a query is the same for both. Both give counts, times and
 * totals as numbers: a driver that has them as text or bigint is told to convert them.
 */
export interface SqlFunctions {
  /** Adds up the rows of a condition: exact for integers up to 2^53-1, never an overflow, 0 without rows. */
  total(column: Expression<unknown>, condition: Expression<unknown>): RawBuilder<number>
  /** The tags of `calls` as a table with a row for each in column `value`. */
  readonly tags: RawBuilder<{ value: string }>
}
