/** Whether percentiles are wanted too. */
export interface PercentileOption {
  readonly percentiles?: boolean | undefined
}

/** How a breakdown is made. */
export interface BreakdownOptions extends PercentileOption {
  /** How many rows are listed separately, 1 to 1,000; all by default. */
  readonly limit?: number | undefined
}
