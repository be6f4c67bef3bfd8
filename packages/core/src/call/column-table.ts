import { CALL_KINDS, type CallKind, CALL_STATUSES, COST_SOURCES, USAGE_SOURCES } from './call-words.ts'
import {
  type ColumnType,
  COUNT,
  DURATION,
  FLAG,
  JSON_VALUE,
  MONEY,
  OBJECT,
  oneOf,
  orNull,
  SPAN_ID,
  TEXT,
  TEXTS,
  TIME,
  TOKENS,
  TRACE_ID,
} from './column-type.ts'

/**
 * How a column of two versions of one call becomes one. `known`: what is known, of two values the greater. `longest`:
 * the longer text. `lowest`: the lower number. `tags`: all of both. `object`: key by key. The other words name groups:
 * all columns of a group come from the one version that the group's own order prefers, so that they fit each other.
 */
export type MergeRule =
  | 'known'
  | 'longest'
  | 'lowest'
  | 'tags'
  | 'object'
  | 'position'
  | 'kind'
  | 'model'
  | 'tokens'
  | 'money'
  | 'repricing'
  | 'outcome'

/** All that is known of a column: its type, and how versions of it merge. */
export interface Column<Value, Rule extends MergeRule = MergeRule> extends ColumnType<Value> {
  readonly merge: Rule
}

// A step is folded into its run and never becomes a row.
const KIND: ColumnType<CallKind> = oneOf(CALL_KINDS)

/**
 * Every column of a call, in the order of a call line: its type, how versions merge, and what it is. The type `Call`,
 * the merge, the empty call, the lists of the store and the call of the API follow from this table.
 */
export const CALL_COLUMNS = {
  /** 32 lower-case hex characters. */
  trace_id: column(TRACE_ID, 'known'),
  /** 16 lower-case hex characters; unique together with `trace_id`. */
  span_id: column(SPAN_ID, 'known'),
  /** The nearest AI span above, other spans in between left out. */
  parent_span_id: column(orNull(SPAN_ID), 'position'),
  /** The outermost AI span above; a call that has none is its own run. */
  run_id: column(SPAN_ID, 'position'),

  /** What the call is. */
  kind: column(KIND, 'kind'),
  /** 1 for what a provider bills: exactly one row per provider attempt. Everything else is 0. */
  billable: column(FLAG, 'kind'),
  /** What the application made the call for, in its own words. */
  operation: column(orNull(TEXT), 'known'),
  /** `CHAT`, `EMBEDDINGS`, `EXECUTE_TOOL` …: the GenAI operation in upper case, or the caller's own word. */
  call_type: column(orNull(TEXT), 'known'),
  /** The name of the span. */
  name: column(orNull(TEXT), 'known'),
  /** The application's id of the request in which the call was made. */
  request_id: column(orNull(TEXT), 'known'),
  /** `ai` (Vercel AI SDK), `ai-legacy` (its version 7 with the old span names), `langchain`, `manual`, or a foreign scope. */
  sdk: column(orNull(TEXT), 'known'),
  /** The version of the SDK. */
  sdk_version: column(orNull(TEXT), 'known'),
  /** The version of the rules that turned the span into this call. */
  converter_version: column(orNull(TEXT), 'known'),
  /** The service that made the call: `service.name` of its resource. */
  service_name: column(orNull(TEXT), 'known'),
  /** Where the service runs, such as `production`. */
  environment: column(orNull(TEXT), 'known'),

  /** The project that the call is for. */
  project_id: column(orNull(TEXT), 'known'),
  /** The user for whom the call was made. */
  user_id: column(orNull(TEXT), 'known'),
  /** The conversation to which the call belongs. */
  session_id: column(orNull(TEXT), 'known'),
  /** The customer's company. */
  company_id: column(orNull(TEXT), 'known'),
  /** The task to which the call belongs. */
  task_id: column(orNull(TEXT), 'known'),
  /** Words by which the application finds the call again. */
  tags: column(orNull(TEXTS), 'tags'),
  /** Whatever else the application says about the call. */
  metadata: column(orNull(OBJECT), 'object'),

  /** GenAI well-known name where there is one. */
  provider: column(orNull(TEXT), 'known'),
  /** What the SDK called the provider, such as `openai.responses`. */
  raw_provider: column(orNull(TEXT), 'known'),
  /** The model that answered; the requested one where the answer names none. */
  model: column(orNull(TEXT), 'model'),
  /** The model that was asked for. */
  request_model: column(orNull(TEXT), 'model'),
  /** The provider's id of the answer. */
  response_id: column(orNull(TEXT), 'known'),
  /** Why the model stopped, such as `stop` or `length`. */
  finish_reason: column(orNull(TEXT), 'known'),
  /** 1 for an answer that came as a stream. */
  streaming: column(orNull(FLAG), 'known'),
  /** Settings of the request, such as `temperature`. */
  request: column(orNull(OBJECT), 'object'),
  /** What the provider sent along with the answer. */
  response_metadata: column(orNull(OBJECT), 'object'),

  /** Cached tokens included. */
  input_tokens: column(orNull(TOKENS), 'tokens'),
  /** Reasoning tokens included. */
  output_tokens: column(orNull(TOKENS), 'tokens'),
  /** Input and output together. */
  total_tokens: column(orNull(TOKENS), 'tokens'),
  /** Input tokens that were read from the provider's cache. */
  cache_read_tokens: column(orNull(TOKENS), 'tokens'),
  /** Input tokens that were written to the provider's cache. */
  cache_write_tokens: column(orNull(TOKENS), 'tokens'),
  /** Output tokens that the model spent on reasoning. */
  reasoning_tokens: column(orNull(TOKENS), 'tokens'),
  /** Counts that have no column, such as audio tokens and searches. */
  usage_details: column(orNull(OBJECT), 'tokens'),
  /** The provider's service tier, such as `batch` or `priority`. */
  service_tier: column(orNull(TEXT), 'tokens'),
  /** Where the token counts come from. */
  usage_source: column(oneOf(USAGE_SOURCES), 'tokens'),

  /** What the call cost, in integer nano-USD. */
  cost_nano_usd: column(orNull(MONEY), 'money'),
  /** Where the cost comes from. */
  cost_source: column(orNull(oneOf(COST_SOURCES)), 'money'),
  /** Why the cost is an estimate; NULL when it is exact. */
  cost_flags: column(orNull(TEXTS), 'money'),
  /** Why the cost is NULL. */
  cost_reason: column(orNull(TEXT), 'money'),
  /** The version of the price that was used. */
  price_version: column(orNull(TEXT), 'money'),
  /** The cost before the call was last re-priced. */
  previous_cost_nano_usd: column(orNull(MONEY), 'repricing'),
  /** When the call was last re-priced. */
  repriced_at: column(orNull(TIME), 'repricing'),

  /** When the call began. */
  started_at: column(TIME, 'lowest'),
  /** When the call ended. */
  ended_at: column(orNull(TIME), 'outcome'),
  /** Time in the call itself: tool time is not in a model call. */
  duration_ms: column(orNull(DURATION), 'outcome'),
  /** Time until the first token of the answer arrived. */
  time_to_first_token_ms: column(orNull(DURATION), 'lowest'),

  /** The name of the tool that was called. */
  tool_name: column(orNull(TEXT), 'known'),
  /** The model's id of the tool call. */
  tool_call_id: column(orNull(TEXT), 'known'),
  /** The type of the tool, such as `function`. */
  tool_type: column(orNull(TEXT), 'known'),

  /** How the call ended. */
  status: column(oneOf(CALL_STATUSES), 'outcome'),
  /** The class of the error. */
  error_type: column(orNull(TEXT), 'outcome'),
  /** What the error said. */
  error_message: column(orNull(TEXT), 'outcome'),
  /** The HTTP status of the provider's answer. */
  http_status: column(orNull(COUNT), 'outcome'),
}

/** Every part of what was said, in the order of a call line, as `CALL_COLUMNS` for a call. */
export const CONTENT_COLUMNS = {
  /** What the user asked last. */
  question: column(orNull(TEXT), 'longest'),
  /** The system prompt. */
  system_prompt: column(orNull(TEXT), 'longest'),
  /** GenAI `gen_ai.input.messages`. */
  input_messages: column(orNull(JSON_VALUE), 'known'),
  /** GenAI `gen_ai.output.messages`. */
  output_messages: column(orNull(JSON_VALUE), 'known'),
  /** The text of the answer. */
  answer: column(orNull(TEXT), 'longest'),
  /** The tools that the model could call. */
  tool_definitions: column(orNull(JSON_VALUE), 'known'),
  /** What the tool was called with. */
  tool_arguments: column(orNull(JSON_VALUE), 'known'),
  /** What the tool returned. */
  tool_result: column(orNull(JSON_VALUE), 'known'),
  /** Lengths and counts before cutting, such as `{ "question": 1200, "inputMessages": 3 }`. */
  lengths: column(orNull(OBJECT), 'object'),
}

function column<Value, const Rule extends MergeRule>(type: ColumnType<Value>, merge: Rule): Column<Value, Rule> {
  return { ...type, merge }
}

/** The type of the values of a column. */
export type ValueOf<Type> = Type extends ColumnType<infer Value> ? Value : never
