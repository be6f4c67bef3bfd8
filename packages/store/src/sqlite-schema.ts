/** One step of the schema. Steps are only ever appended; within a major they only add. */
export interface Migration {
  /** Raised by a change that an older writer cannot live with. */
  readonly major: number
  /** Counts up through all majors. */
  readonly version: number
  readonly sql: string
}

// No column is checked against a list of words: a newer writer may know more of them, and a CHECK cannot be changed.
// Numbers are checked, because one above 2^53-1 would make every later read of its row throw.
const CALLS = `
CREATE TABLE calls (
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  parent_span_id TEXT,
  run_id TEXT NOT NULL,

  kind TEXT NOT NULL,
  billable INTEGER NOT NULL CHECK (billable IN (0, 1)),
  operation TEXT,
  call_type TEXT,
  name TEXT,
  request_id TEXT,
  sdk TEXT,
  sdk_version TEXT,
  converter_version TEXT,
  service_name TEXT,
  environment TEXT,

  project_id TEXT,
  user_id TEXT,
  session_id TEXT,
  company_id TEXT,
  task_id TEXT,
  tags TEXT CHECK (json_valid(tags)),
  metadata TEXT CHECK (json_valid(metadata)),

  provider TEXT,
  raw_provider TEXT,
  model TEXT,
  request_model TEXT,
  response_id TEXT,
  finish_reason TEXT,
  streaming INTEGER CHECK (streaming IN (0, 1)),
  request TEXT CHECK (json_valid(request)),
  response_metadata TEXT CHECK (json_valid(response_metadata)),

  input_tokens INTEGER CHECK (input_tokens BETWEEN 0 AND 9007199254740991),
  output_tokens INTEGER CHECK (output_tokens BETWEEN 0 AND 9007199254740991),
  total_tokens INTEGER CHECK (total_tokens BETWEEN 0 AND 9007199254740991),
  cache_read_tokens INTEGER CHECK (cache_read_tokens BETWEEN 0 AND 9007199254740991),
  cache_write_tokens INTEGER CHECK (cache_write_tokens BETWEEN 0 AND 9007199254740991),
  reasoning_tokens INTEGER CHECK (reasoning_tokens BETWEEN 0 AND 9007199254740991),
  usage_details TEXT CHECK (json_valid(usage_details)),
  service_tier TEXT,
  usage_source TEXT NOT NULL,

  cost_nano_usd INTEGER CHECK (cost_nano_usd BETWEEN 0 AND 9007199254740991),
  cost_source TEXT,
  cost_flags TEXT CHECK (json_valid(cost_flags)),
  cost_reason TEXT,
  price_version TEXT,
  previous_cost_nano_usd INTEGER CHECK (previous_cost_nano_usd BETWEEN 0 AND 9007199254740991),
  repriced_at INTEGER CHECK (repriced_at BETWEEN 0 AND 9007199254740991),

  started_at INTEGER NOT NULL CHECK (started_at BETWEEN 0 AND 9007199254740991),
  ended_at INTEGER CHECK (ended_at BETWEEN 0 AND 9007199254740991),
  duration_ms REAL,
  time_to_first_token_ms REAL,

  tool_name TEXT,
  tool_call_id TEXT,
  tool_type TEXT,

  status TEXT NOT NULL,
  error_type TEXT,
  error_message TEXT,
  http_status INTEGER CHECK (http_status BETWEEN 0 AND 9007199254740991),

  created_at INTEGER NOT NULL CHECK (created_at BETWEEN 0 AND 9007199254740991),
  ingest_seq INTEGER PRIMARY KEY AUTOINCREMENT,
  UNIQUE (trace_id, span_id)
) STRICT;
`

// An index costs every write, so only two: the time range that every report has, and the run of a call, in the form in
// which the view asks for it.
const INDEXES = `
CREATE INDEX calls_by_start ON calls (started_at);
CREATE INDEX calls_by_run ON calls (trace_id || '-' || run_id);
`

// Keyed by the call's row: a second unique index over random ids would cost a third of the write rate.
const CALL_CONTENTS = `
CREATE TABLE call_contents (
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  question TEXT,
  system_prompt TEXT,
  input_messages TEXT CHECK (json_valid(input_messages)),
  output_messages TEXT CHECK (json_valid(output_messages)),
  answer TEXT,
  tool_definitions TEXT CHECK (json_valid(tool_definitions)),
  tool_arguments TEXT CHECK (json_valid(tool_arguments)),
  tool_result TEXT CHECK (json_valid(tool_result)),
  lengths TEXT CHECK (json_valid(lengths)),
  created_at INTEGER NOT NULL,
  ingest_seq INTEGER PRIMARY KEY
) STRICT;
`

const PROJECTS = `
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
`

// Prices of your own, a row for each entry of the file format, which says what a price may hold.
const PRICES = `
CREATE TABLE prices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  price TEXT NOT NULL CHECK (json_valid(price)),
  created_at INTEGER NOT NULL
) STRICT;
`

const MIGRATIONS_TABLE = `
CREATE TABLE spanledger_migrations (
  version INTEGER PRIMARY KEY,
  major INTEGER NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
`

// One row per run. What describes the run as a whole comes from its outermost call where that is here, else from
// whichever call knows; model and provider from the billable call that ended last, a successful one before all others.
// TOTAL adds integers exactly and, unlike SUM, does not throw when hostile counts overflow.
const AI_USAGE_LOGS = `
CREATE VIEW ai_usage_logs AS
SELECT
  calls.trace_id || '-' || calls.run_id AS id,
  coalesce(max(project_id) FILTER (WHERE calls.span_id = run_id), max(project_id)) AS project_id,
  coalesce(max(request_id) FILTER (WHERE calls.span_id = run_id), max(request_id)) AS request_id,
  coalesce(max(operation) FILTER (WHERE calls.span_id = run_id), max(operation)) AS operation,
  ${lastLeaf('model')} AS model,
  ${lastLeaf('provider')} AS provider,
  ${billableSum('input_tokens')} AS input_tokens,
  ${billableSum('output_tokens')} AS output_tokens,
  ${billableSum('total_tokens')} AS total_tokens,
  CASE WHEN count(cost_nano_usd) FILTER (WHERE billable = 1) > 0
    THEN total(cost_nano_usd) FILTER (WHERE billable = 1) / 1e9 END AS estimated_cost,
  coalesce(max(duration_ms) FILTER (WHERE calls.span_id = run_id), max(ended_at) - min(started_at)) AS duration_ms,
  count(*) FILTER (WHERE kind = 'tool') AS tool_calls_count,
  json_group_array(json_object(
    'name', tool_name,
    'arguments', json(call_contents.tool_arguments),
    'result', json(call_contents.tool_result),
    'durationMs', duration_ms,
    'error', CASE WHEN status NOT IN ('ok', 'open') THEN coalesce(error_message, error_type, status) END
  ) ORDER BY started_at, calls.ingest_seq) FILTER (WHERE kind = 'tool') AS tool_calls_json,
  ${lastLeaf('json(response_metadata)')} AS response_metadata,
  CASE WHEN count(*) FILTER (WHERE calls.span_id = run_id) > 0
    THEN max(coalesce(error_message, error_type, status)) FILTER (WHERE calls.span_id = run_id AND status NOT IN ('ok', 'open'))
    ELSE ${lastLeaf("CASE WHEN status NOT IN ('ok', 'open') THEN coalesce(error_message, error_type, status) END")} END AS error,
  min(calls.created_at) AS created_at
FROM calls LEFT JOIN call_contents ON kind = 'tool' AND call_contents.ingest_seq = calls.ingest_seq
GROUP BY calls.trace_id || '-' || calls.run_id;
`

/** The newest major that this code can write. */
export const SCHEMA_MAJOR = 1

/** Every step since the first, in order. */
export const SQLITE_MIGRATIONS: readonly Migration[] = [
  { major: 1, version: 1, sql: MIGRATIONS_TABLE + CALLS + INDEXES + CALL_CONTENTS + PROJECTS + AI_USAGE_LOGS },
  { major: 1, version: 2, sql: PRICES },
]

function lastLeaf(value: string): string {
  return `json_group_array(${value} ORDER BY status = 'ok', ended_at, calls.ingest_seq) FILTER (WHERE billable = 1) ->> '$[#-1]'`
}

function billableSum(column: string): string {
  const total = `total(${column}) FILTER (WHERE billable = 1)`
  return `CASE WHEN count(${column}) FILTER (WHERE billable = 1) > 0
    THEN iif(${total} <= 9007199254740991, CAST(${total} AS INTEGER), ${total}) END`
}
