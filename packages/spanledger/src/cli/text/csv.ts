import { stringify } from 'csv-stringify/sync'

/** What a cell of a CSV file can hold; `null` is an empty cell. */
export type CsvCell = string | number | null

/** Rows as CSV lines. Texts that a spreadsheet would run as a formula are escaped with a `'`. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return stringify([...rows], { escape_formulas: true })
}
