import { stringify } from 'csv-stringify/sync'

const NANO_PER_USD = 1_000_000_000n

/** The value of a CSV cell; `null` is an empty cell. */
export type CsvCell = string | number | null

/** Epoch milliseconds in ISO 8601; empty for anything that is no time. */
export function isoTime(time: unknown): CsvCell {
  return typeof time === 'number' && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null
}

/** Integer nano-USD as the exact decimal number, such as `0.004125`. */
export function toUsdText(nanoUsd: number): string {
  const nano = BigInt(Math.round(nanoUsd))
  const fraction = String(nano % NANO_PER_USD)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${nano / NANO_PER_USD}${fraction === '' ? '' : `.${fraction}`}`
}

/** Rows as CSV lines. Text that a spreadsheet would run as a formula is escaped with a `'`. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return stringify([...rows], { escape_formulas: true })
}
