import type { UsageLogWords } from '../sql/schema-words.ts'

const FAILURE = 'coalesce(error_message, error_type, status)'
const FAILED = "status NOT IN ('ok', 'open')"

/**
 * The statement that creates the view `ai_usage_logs`: a row for each run. Columns that describe the run as a whole come
 * from its outermost call if that is stored, else from any call that has a value. Model and provider come from the
 * billable call that ended last, preferably a successful one.
 */
export function usageLogsView(words: UsageLogWords): string {
  const toolFields = `
    'name', tool_name,
    'arguments', ${words.jsonValue('call_contents.tool_arguments')},
    'result', ${words.jsonValue('call_contents.tool_result')},
    'durationMs', duration_ms,
    'error', CASE WHEN ${FAILED} THEN ${FAILURE} END
  `
  return `
CREATE VIEW ai_usage_logs AS
SELECT
  calls.trace_id || '-' || calls.run_id AS id,
  coalesce(max(project_id) FILTER (WHERE calls.span_id = run_id), max(project_id)) AS project_id,
  coalesce(max(request_id) FILTER (WHERE calls.span_id = run_id), max(request_id)) AS request_id,
  coalesce(max(operation) FILTER (WHERE calls.span_id = run_id), max(operation)) AS operation,
  ${words.lastBillable('model')} AS model,
  ${words.lastBillable('provider')} AS provider,
  ${words.billableSum('input_tokens')} AS input_tokens,
  ${words.billableSum('output_tokens')} AS output_tokens,
  ${words.billableSum('total_tokens')} AS total_tokens,
  ${words.billableSumOfNanos('cost_nano_usd')} AS estimated_cost,
  coalesce(max(duration_ms) FILTER (WHERE calls.span_id = run_id), max(ended_at) - min(started_at)) AS duration_ms,
  count(*) FILTER (WHERE kind = 'tool') AS tool_calls_count,
  ${words.jsonObjects(toolFields, { order: 'started_at, calls.ingest_seq', condition: "kind = 'tool'" })} AS tool_calls_json,
  ${words.lastBillable(words.jsonColumn('response_metadata'))} AS response_metadata,
  CASE WHEN count(*) FILTER (WHERE calls.span_id = run_id) > 0
    THEN max(${FAILURE}) FILTER (WHERE calls.span_id = run_id AND ${FAILED})
    ELSE ${words.lastBillable(`CASE WHEN ${FAILED} THEN ${FAILURE} END`)} END AS error,
  min(calls.created_at) AS created_at
FROM calls LEFT JOIN call_contents ON kind = 'tool' AND call_contents.ingest_seq = calls.ingest_seq
GROUP BY calls.trace_id || '-' || calls.run_id;
`
}
