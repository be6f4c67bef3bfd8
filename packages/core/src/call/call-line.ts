import { type Call, type CallColumns, type CallContent, callId } from './call.ts'
import { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from './column-names.ts'
import { CALL_COLUMNS, CONTENT_COLUMNS } from './column-table.ts'
import { type ColumnType, misfit } from './column-type.ts'
import { EMPTY_CONTENT, NULL_COLUMNS } from './empty-call.ts'

const LINE = 'call line: '

/** What a store adds to a call. An exported line contains it; a store that imports the line sets its own. */
export interface CallLog {
  /** When the store took the call over, epoch milliseconds. */
  readonly created_at: number
  /** Counts up by order of arrival. */
  readonly ingest_seq: number
}

/**
 * The one form in which a call leaves a process: a JSON object on one line, `id` first, then every column, NULLs
 * included, then the log columns where a store gave them, then `content` where there is any.
 */
export function toCallLine(call: Call & Partial<CallLog>): string {
  return JSON.stringify({
    id: callId(call),
    trace_id: call.trace_id,
    span_id: call.span_id,
    parent_span_id: call.parent_span_id,
    run_id: call.run_id,
    kind: call.kind,
    billable: call.billable,
    operation: call.operation,
    call_type: call.call_type,
    name: call.name,
    request_id: call.request_id,
    sdk: call.sdk,
    sdk_version: call.sdk_version,
    converter_version: call.converter_version,
    service_name: call.service_name,
    environment: call.environment,
    project_id: call.project_id,
    user_id: call.user_id,
    session_id: call.session_id,
    company_id: call.company_id,
    task_id: call.task_id,
    tags: call.tags,
    metadata: call.metadata,
    provider: call.provider,
    raw_provider: call.raw_provider,
    model: call.model,
    request_model: call.request_model,
    response_id: call.response_id,
    finish_reason: call.finish_reason,
    streaming: call.streaming,
    request: call.request,
    response_metadata: call.response_metadata,
    input_tokens: call.input_tokens,
    output_tokens: call.output_tokens,
    total_tokens: call.total_tokens,
    cache_read_tokens: call.cache_read_tokens,
    cache_write_tokens: call.cache_write_tokens,
    reasoning_tokens: call.reasoning_tokens,
    usage_details: call.usage_details,
    service_tier: call.service_tier,
    usage_source: call.usage_source,
    cost_nano_usd: call.cost_nano_usd,
    cost_source: call.cost_source,
    cost_flags: call.cost_flags,
    cost_reason: call.cost_reason,
    price_version: call.price_version,
    previous_cost_nano_usd: call.previous_cost_nano_usd,
    repriced_at: call.repriced_at,
    started_at: call.started_at,
    ended_at: call.ended_at,
    duration_ms: call.duration_ms,
    time_to_first_token_ms: call.time_to_first_token_ms,
    tool_name: call.tool_name,
    tool_call_id: call.tool_call_id,
    tool_type: call.tool_type,
    status: call.status,
    error_type: call.error_type,
    error_message: call.error_message,
    http_status: call.http_status,
    created_at: call.created_at,
    ingest_seq: call.ingest_seq,
    content: call.content ?? undefined,
  } satisfies Record<keyof CallColumns, unknown> & Record<string, unknown>)
}

/**
 * Reads a line that `toCallLine` or another program wrote by the same rules. Keys it does not know are
 * ignored, a column that is missing is NULL, ids come out in lower case. Throws an error that names column and value.
 */
export function parseCallLine(line: string): Call {
  return readCall(parsedLine(line), LINE)
}

/**
 * The same for a caller that checks each column itself, as a store does. Checks only that the line is a JSON object; a
 * column may be missing or hold anything.
 */
export function parseUncheckedCallLine(line: string): Call {
  return withDefaults(recordOf(parsedLine(line), LINE)) as unknown as Call // as far as it was a call; see above
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new Error(`${LINE}not JSON; expected one JSON object on the line`, { cause })
  }
}

/** The same for a line that is parsed already. */
export function parseCall(value: unknown): Call {
  return readCall(value, 'call: ')
}

function readCall(value: unknown, prefix: string): Call {
  const given = withDefaults(recordOf(value, prefix))
  const call = readColumns(CALL_READER, given, prefix)
  call.content = readContent(given['content'], prefix)
  return call
}

function recordOf(value: unknown, prefix: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw new Error(`${prefix}not an object; expected a JSON object with the columns of a call`)
}

function withDefaults(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { run_id: runId, usage_source: usageSource, content } = given
  if (!isMissing(runId) && !isMissing(usageSource) && content !== undefined) return given
  return { ...given, run_id: runId ?? given['span_id'], usage_source: usageSource ?? 'none', content: content ?? null }
}

function readContent(value: unknown, prefix: string): CallContent | null {
  if (isMissing(value)) return null
  if (!isRecord(value)) throw new Error(prefix + misfit('content', value, 'an object or null'))
  return readColumns(CONTENT_READER, value, `${prefix}content.`)
}

type Writable<Columns> = { -readonly [Column in keyof Columns]: Columns[Column] }

interface Reader<Columns> {
  /** All columns NULL; each object that is read begins as a copy of it. */
  readonly empty: Columns
  readonly columns: readonly (readonly [name: keyof Columns & string, type: ColumnType<unknown>])[]
}

const CALL_READER: Reader<Call> = {
  empty: { ...NULL_COLUMNS, content: null } as Call, // as long as it is not full, nobody else has it
  columns: CALL_COLUMN_NAMES.map((name) => [name, CALL_COLUMNS[name]]),
}
const CONTENT_READER: Reader<CallContent> = {
  empty: EMPTY_CONTENT,
  columns: CONTENT_COLUMN_NAMES.map((name) => [name, CONTENT_COLUMNS[name]]),
}

function readColumns<Columns extends object>(
  { empty, columns }: Reader<Columns>,
  given: Readonly<Record<string, unknown>>,
  prefix: string,
): Writable<Columns> {
  const read: Writable<Columns> = { ...empty }
  for (const [name, type] of columns) {
    const value = given[name]
    if (type.isNullable && isMissing(value)) continue
    const parsed = type.parse(value)
    if (parsed === undefined) throw new Error(prefix + misfit(name, value, type.expected))
    read[name] = parsed as Columns[typeof name] // by the type of this column
  }
  return read
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
