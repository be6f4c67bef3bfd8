/** Whether to include percentiles. */
export interface PercentileOption {
  readonly percentiles?: boolean | undefined
}

/** Options of a breakdown. */
export interface BreakdownOptions extends PercentileOption {
  /** The number of separate rows, 1 to 1,000; all by default. */
  readonly limit?: number | undefined
  /** By model: whether tool calls count under the model that asked for them (by default), which reads the calls of the range. */
  readonly toolsByModel?: boolean | undefined
}
