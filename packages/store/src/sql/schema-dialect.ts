/** The words in which a database describes its tables. Each is SQL, to stand behind a column's name unless it says else. */
export interface SchemaDialect {
  readonly name: 'sqlite' | 'postgres'
  /** Compared byte by byte. */
  readonly text: string
  readonly real: string
  readonly integer: string
  /** 0 to 2^53-1: a number above would make every later read of its row fail, or round it. */
  count(column: string): string
  /** 0 or 1. */
  flag(column: string): string
  /** JSON, kept as the text that it is. */
  json(column: string): string
  /** A key that counts up by itself. */
  readonly autoKey: string
  /** The key of `calls`: counts up in the order of arrival. */
  readonly logKey: string
  /** What ends the columns of a table, and its statement. */
  readonly tableEnd: string
  /** The statements that make what `logKey` needs beside. */
  readonly logClock: string
  /** The statement that makes the view `ai_usage_logs`. */
  readonly usageLogsView: string
}
