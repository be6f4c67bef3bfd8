import type { SchemaWords, UsageLogWords } from '../../sql/schema-words.ts'

const USAGE_LOGS: UsageLogWords = {
  lastBillable: (value) =>
    `json_group_array(${value} ORDER BY status = 'ok', ended_at, calls.ingest_seq) FILTER (WHERE billable = 1) ->> '$[#-1]'`,
  // TOTAL adds integers exactly and, unlike SUM, does not throw when hostile counts overflow.
  billableSum(column) {
    const total = `total(${column}) FILTER (WHERE billable = 1)`
    return `CASE WHEN count(${column}) FILTER (WHERE billable = 1) > 0
    THEN iif(${total} <= 9007199254740991, CAST(${total} AS INTEGER), ${total}) END`
  },
  billableSumOfNanos: (column) => `CASE WHEN count(${column}) FILTER (WHERE billable = 1) > 0
    THEN total(${column}) FILTER (WHERE billable = 1) / 1e9 END`,
  jsonValue: (column) => `json(${column})`,
  jsonColumn: (column) => `json(${column})`,
  jsonObjects: (fields, { order, condition }) =>
    `json_group_array(json_object(${fields}) ORDER BY ${order}) FILTER (WHERE ${condition})`,
}

/** The SQL words of SQLite. */
export const SQLITE_WORDS: SchemaWords = {
  text: 'TEXT',
  real: 'REAL',
  integer: 'INTEGER',
  count: (column) => `INTEGER CHECK (${column} BETWEEN 0 AND 9007199254740991)`,
  flag: (column) => `INTEGER CHECK (${column} IN (0, 1))`,
  json: (column) => `TEXT CHECK (json_valid(${column}))`,
  autoKey: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  // The positions of deleted calls are never reused.
  logKey: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  tableEnd: ') STRICT;',
  keyedTableEnd: ') STRICT, WITHOUT ROWID;',
  logClock: '',
  histogramFunction: '',
  // There is one writer at a time.
  lockCalls: '',
  textHash: undefined,
  usageLogs: USAGE_LOGS,
}
