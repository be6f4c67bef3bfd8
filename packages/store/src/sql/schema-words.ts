/** The words in which a database describes its tables. Each is SQL that stands after a column's name, unless it says otherwise. */
export interface SchemaWords {
  /** Compared byte by byte. */
  readonly text: string
  readonly real: string
  readonly integer: string
  /** 0 to 2^53-1: a greater number would make every later read of its row fail, or round it. */
  count(column: string): string
  /** 0 or 1. */
  flag(column: string): string
  /** JSON, stored as the text that it is. */
  json(column: string): string
  /** A key that counts up by itself. */
  readonly autoKey: string
  /** The key of `calls`: counts up in the order of arrival. */
  readonly logKey: string
  /** Ends the columns of a table, and its statement. */
  readonly tableEnd: string
  /** The same for a table that is read in the order of its primary key only. */
  readonly keyedTableEnd: string
  /** The statements that make what `logKey` needs; empty if it needs nothing. */
  readonly logClock: string
  /** The statement that makes the function `add_histograms`; empty if each connection brings its own. */
  readonly histogramFunction: string
  /** A statement that keeps others from changing `calls` until the transaction ends; empty if nobody else can. */
  readonly lockCalls: string
  /**
   * A short column that stands for these text columns in a primary key. Undefined where an index accepts texts of any
   * length, which then stand in the key themselves.
   */
  readonly textHash: ((columns: readonly string[]) => string) | undefined
  readonly usageLogs: UsageLogWords
}

/** What the view `ai_usage_logs` is written with; each is an expression over the calls of a run. */
export interface UsageLogWords {
  /** The value of the billable call that ended last, a successful one before all others. */
  lastBillable(value: string): string
  /** The exact sum over billable calls, however great; NULL where no value is known. */
  billableSum(column: string): string
  /** The same divided by 10^9. */
  billableSumOfNanos(column: string): string
  /** JSON in a column as the value it is, to stand within other JSON. */
  jsonValue(column: string): string
  /** The JSON in a column, for `lastBillable`. */
  jsonColumn(column: string): string
  /** A JSON list with an object for each row of a condition, in this order; `[]` without rows. */
  jsonObjects(fields: string, rows: { readonly order: string; readonly condition: string }): string
}
