import type { SchemaDialect } from '../../sql/schema-dialect.ts'

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

/** The words of SQLite. */
export const SQLITE_SCHEMA: SchemaDialect = {
  name: 'sqlite',
  text: 'TEXT',
  real: 'REAL',
  integer: 'INTEGER',
  count: (column) => `INTEGER CHECK (${column} BETWEEN 0 AND 9007199254740991)`,
  flag: (column) => `INTEGER CHECK (${column} IN (0, 1))`,
  json: (column) => `TEXT CHECK (json_valid(${column}))`,
  autoKey: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  // Places of calls that were deleted are not given away.
  logKey: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  tableEnd: ') STRICT;',
  logClock: '',
  usageLogsView: AI_USAGE_LOGS,
}

function lastLeaf(value: string): string {
  return `json_group_array(${value} ORDER BY status = 'ok', ended_at, calls.ingest_seq) FILTER (WHERE billable = 1) ->> '$[#-1]'`
}

function billableSum(column: string): string {
  const total = `total(${column}) FILTER (WHERE billable = 1)`
  return `CASE WHEN count(${column}) FILTER (WHERE billable = 1) > 0
    THEN iif(${total} <= 9007199254740991, CAST(${total} AS INTEGER), ${total}) END`
}
