import type { CsvCell } from '@spanledger/server/export'
import type { RenderedTable, TableOptions } from '../text/table.ts'

/** The output of `report` for every format. */
export interface Report {
  /** One object per row, with the names of the HTTP API. */
  readonly rows: readonly object[]
  readonly totals: object
  /** The same rows below a header. */
  readonly csv: readonly (readonly CsvCell[])[]
  /** True if no row has anything to show. */
  readonly isEmpty: boolean
  table(options: TableOptions<never>): RenderedTable
  /** The parts of the line below the table. */
  readonly footer: readonly string[]
}
