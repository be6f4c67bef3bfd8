import { stringify } from 'csv-stringify/sync'

/** The value of a CSV cell; `null` is an empty cell. */
export type CsvCell = string | number | null

/** Rows as CSV lines. Text that a spreadsheet would run as a formula is escaped with a `'`. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return stringify([...rows], { escape_formulas: true })
}
