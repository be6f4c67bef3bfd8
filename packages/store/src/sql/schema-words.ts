/** The SQL of a database for its schema. Each word follows the name of a column, unless stated otherwise. */
export interface SchemaWords {
  /** Compared byte by byte. */
  readonly text: string
  readonly real: string
  readonly integer: string
  /** 0 to 2^53-1: a greater number would be rounded, or make every read of its row fail. */
  count(column: string): string
  /** 0 or 1. */
  flag(column: string): string
  /** JSON, stored as its text. */
  json(column: string): string
  /** An auto-increment key. */
  readonly autoKey: string
  /** The key of `calls`, which increases in order of arrival. */
  readonly logKey: string
  /** Ends the columns of a table, and its statement. */
  readonly tableEnd: string
  /** The same for a table that is only read in the order of its primary key. */
  readonly keyedTableEnd: string
  /** The statements that create what `logKey` needs; empty if nothing. */
  readonly logClock: string
  /** The statement that creates the function `add_histograms`; empty if each connection registers its own. */
  readonly histogramFunction: string
  /** A statement that keeps others from changing `calls` until the transaction ends; empty if they never can. */
  readonly lockCalls: string
  /**
   * A short column that replaces these text columns in a primary key. Undefined if an index accepts texts of any length,
   * so that the key can contain the columns themselves.
   */
  readonly textHash: ((columns: readonly string[]) => string) | undefined
  readonly usageLogs: UsageLogWords
}

/** The SQL of a database for the view `ai_usage_logs`; each word is an expression over the calls of a run. */
export interface UsageLogWords {
  /** The value of the billable call that ended last, preferably a successful one. */
  lastBillable(value: string): string
  /** The exact sum over billable calls, without overflow; NULL if all values are unknown. */
  billableSum(column: string): string
  /** The same divided by 10^9. */
  billableSumOfNanos(column: string): string
  /** The JSON in a column, as a value inside other JSON. */
  jsonValue(column: string): string
  /** The JSON in a column, for `lastBillable`. */
  jsonColumn(column: string): string
  /** A JSON list with an object for each row that matches the condition, in this order; `[]` without rows. */
  jsonObjects(fields: string, rows: { readonly order: string; readonly condition: string }): string
}
