import type { CsvCell } from '../text/csv.ts'
import type { RenderedTable, TableOptions } from '../text/table.ts'

/** What `report` prints, in every format. */
export interface Report {
  /** One object a row, named as the HTTP API does. */
  readonly rows: readonly object[]
  readonly totals: object
  /** The same rows under a line of titles. */
  readonly csv: readonly (readonly CsvCell[])[]
  /** True if no row says anything. */
  readonly isEmpty: boolean
  table(options: TableOptions<never>): RenderedTable
  /** What the table does not say, as parts of one line. */
  readonly footer: readonly string[]
}
