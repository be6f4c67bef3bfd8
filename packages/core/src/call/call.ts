import type { Json, JsonObject } from '../json/json.ts'

/** What a call is. Only the six leaf kinds can be billable; `step` folds into its run and never becomes a row. */
export type CallKind =
  | 'run'
  | 'step'
  | 'model'
  | 'embedding'
  | 'rerank'
  | 'tool'
  | 'image'
  | 'speech'
  | 'transcription'
  | 'retrieval'
  | 'operation'

/** How a call ended. `open` has not ended; `abandoned` and `crashed` never will. */
export type CallStatus = 'ok' | 'error' | 'aborted' | 'abandoned' | 'crashed' | 'open'

/** Where the token counts come from; `none` means that nobody told, and the counts are NULL. */
export type UsageSource = 'span' | 'provider_metadata' | 'observed' | 'reported' | 'none'

/** Who named the cost: the answer itself, your own price, the published list, or whoever sent the span. */
export type CostSource = 'provider' | 'custom' | 'list' | 'reported'

/**
 * One AI call: the row of table `calls`, the JSON line of an export, and the frame of a journal.
 * Keys are the column names. `null` means unknown; a token count or a cost is never 0 because it is unknown.
 * Times are epoch milliseconds, money is integer nano-USD (1 USD = 1,000,000,000), counts are integers up to 2^53-1.
 */
export interface Call {
  /** 32 lower-case hex characters. */
  readonly trace_id: string
  /** 16 lower-case hex characters; unique together with `trace_id`. */
  readonly span_id: string
  /** The nearest AI span above, other spans in between left out. */
  readonly parent_span_id: string | null
  /** The outermost AI span above; a call that has none is its own run. */
  readonly run_id: string

  readonly kind: CallKind
  /** 1 for what a provider bills: exactly one row per provider attempt. Everything else is 0. */
  readonly billable: 0 | 1
  readonly operation: string | null
  /** `CHAT`, `EMBEDDINGS`, `EXECUTE_TOOL` …: the GenAI operation in upper case, or the caller's own word. */
  readonly call_type: string | null
  readonly name: string | null
  readonly request_id: string | null
  /** `ai` (Vercel AI SDK), `ai-legacy` (its version 7 with the old span names), `manual` (posted to the API), or a foreign scope. */
  readonly sdk: string | null
  readonly sdk_version: string | null
  readonly converter_version: string | null
  readonly service_name: string | null
  readonly environment: string | null

  readonly project_id: string | null
  readonly user_id: string | null
  readonly session_id: string | null
  readonly company_id: string | null
  readonly task_id: string | null
  readonly tags: readonly string[] | null
  readonly metadata: JsonObject | null

  /** GenAI well-known name where there is one. */
  readonly provider: string | null
  /** What the SDK called the provider, such as `openai.responses`. */
  readonly raw_provider: string | null
  /** The model that answered; the requested one where the answer names none. */
  readonly model: string | null
  readonly request_model: string | null
  readonly response_id: string | null
  readonly finish_reason: string | null
  readonly streaming: 0 | 1 | null
  readonly request: JsonObject | null
  readonly response_metadata: JsonObject | null

  /** Cached tokens included. */
  readonly input_tokens: number | null
  /** Reasoning tokens included. */
  readonly output_tokens: number | null
  readonly total_tokens: number | null
  readonly cache_read_tokens: number | null
  readonly cache_write_tokens: number | null
  readonly reasoning_tokens: number | null
  readonly usage_details: JsonObject | null
  readonly service_tier: string | null
  readonly usage_source: UsageSource

  readonly cost_nano_usd: number | null
  readonly cost_source: CostSource | null
  /** Why the cost is an estimate; NULL when it is exact. */
  readonly cost_flags: readonly string[] | null
  /** Why the cost is NULL. */
  readonly cost_reason: string | null
  readonly price_version: string | null
  readonly previous_cost_nano_usd: number | null
  readonly repriced_at: number | null

  readonly started_at: number
  readonly ended_at: number | null
  /** Time in the call itself: tool time is not in a model call. */
  readonly duration_ms: number | null
  readonly time_to_first_token_ms: number | null

  readonly tool_name: string | null
  readonly tool_call_id: string | null
  readonly tool_type: string | null

  readonly status: CallStatus
  readonly error_type: string | null
  readonly error_message: string | null
  readonly http_status: number | null

  /** What was said, under the content policy. Lives in table `call_contents` with a lifetime of its own. */
  readonly content: CallContent | null
}

/** The words of a call. Texts and JSON are cut and redacted by the content policy before they come here. */
export interface CallContent {
  readonly question: string | null
  readonly system_prompt: string | null
  /** GenAI `gen_ai.input.messages`. */
  readonly input_messages: Json
  /** GenAI `gen_ai.output.messages`. */
  readonly output_messages: Json
  readonly answer: string | null
  readonly tool_definitions: Json
  readonly tool_arguments: Json
  readonly tool_result: Json
  /** Lengths and counts before cutting, such as `{ "question": 1200, "inputMessages": 3 }`. */
  readonly lengths: JsonObject | null
}

/** Kinds that a provider bills, one row per attempt. */
export const LEAF_KINDS: ReadonlySet<CallKind> = new Set<CallKind>([
  'model',
  'embedding',
  'rerank',
  'image',
  'speech',
  'transcription',
])

const KINDS: ReadonlySet<unknown> = new Set<CallKind>([...LEAF_KINDS, 'run', 'step', 'tool', 'retrieval', 'operation'])

/** The value, if it is a kind of call. */
export function callKindOf(value: unknown): CallKind | undefined {
  return KINDS.has(value) ? (value as CallKind) : undefined // the set holds nothing else
}

/** The id that every output shows. */
export function callId(call: { readonly trace_id: string; readonly span_id: string }): string {
  return `${call.trace_id}-${call.span_id}`
}
