import { createHash, randomBytes } from 'node:crypto'
import {
  type Call,
  type ContentPolicy,
  CONVERTER_VERSION,
  EMPTY_CONTENT,
  emptyCall,
  type Json,
  type PriceBook,
  priceCall,
  toProviderName,
  toToolSpanId,
} from '@spanledger/core'
import { HttpError } from '../http/http-error.ts'
import type { UsageLogBody } from './schemas/usage-log-body.ts'

/** What `toUsageLogCalls` needs besides the log. */
export interface UsageLogContext {
  readonly prices: PriceBook
  readonly policy: ContentPolicy
  /** Epoch milliseconds. */
  readonly now: number
}

/** More tool calls than a run makes. */
const MAX_TOOLS = 1000
const MAX_METADATA = 8_000
const NANO_PER_USD = 1e9

/** Converts a posted log into calls: one billable call, and one for each tool call. */
export function toUsageLogCalls(log: UsageLogBody, context: UsageLogContext): readonly [Call, ...Call[]] {
  const tools = toolsOf(log)
  const ids = idsOf(log)
  const durationMs = log.durationMs ?? null
  const metadata = log.responseMetadata ?? null
  const startedAt = log.startedAt ?? Math.max(0, Math.round(context.now - (durationMs ?? 0)))
  const operation: Call = {
    ...loggedCall(ids, startedAt),
    ...whoOf(log, context.policy),
    billable: 1,
    operation: log.operation,
    name: log.operation,
    request_id: log.requestId ?? null,
    provider: toProviderName(log.provider),
    raw_provider: log.provider,
    model: log.model,
    request_model: log.model,
    response_metadata: metadata === null ? null : objectOf(context.policy.json(metadata, MAX_METADATA)),
    ...tokensOf(log),
    ended_at: endOf(log, context.now),
    duration_ms: durationMs,
    ...outcomeOf(log.error, context.policy),
  }
  const priced = { ...operation, ...moneyOf(operation, log.estimatedCost ?? null, context.prices) }
  return [priced, ...tools.map((tool, index) => toolCall(tool, { operation: priced, index, policy: context.policy }))]
}

// The end of a call that began at a stated time is unknown without its duration.
function endOf({ startedAt, durationMs }: UsageLogBody, now: number): number | null {
  if (typeof startedAt !== 'number') return now
  return typeof durationMs === 'number' ? startedAt + Math.round(durationMs) : null
}

type Attribution = Pick<Call, 'project_id' | 'user_id' | 'session_id' | 'company_id' | 'task_id' | 'tags' | 'metadata'>

function whoOf(log: UsageLogBody, policy: ContentPolicy): Attribution {
  const metadata = log.metadata ?? null
  return {
    project_id: log.projectId ?? null,
    user_id: log.userId ?? null,
    session_id: log.sessionId ?? null,
    company_id: log.companyId ?? null,
    task_id: log.taskId ?? null,
    tags: log.tags ?? null,
    metadata: metadata === null ? null : objectOf(policy.json(metadata, MAX_METADATA)),
  }
}

// A tool is called for the same user as its model.
function attributionOf({ project_id, user_id, session_id, company_id, task_id, tags, metadata }: Call): Attribution {
  return { project_id, user_id, session_id, company_id, task_id, tags, metadata }
}

function loggedCall(ids: { readonly traceId: string; readonly spanId: string }, startedAt: number): Call {
  return { ...emptyCall(ids, startedAt), sdk: 'manual', converter_version: CONVERTER_VERSION }
}

// The same request id leads to the same call ids, so that a retry is stored once.
function idsOf({ requestId, projectId }: UsageLogBody): { readonly traceId: string; readonly spanId: string } {
  const hex =
    typeof requestId === 'string'
      ? createHash('sha256')
          .update(JSON.stringify(['usage log', projectId ?? null, requestId]))
          .digest('hex')
      : randomBytes(24).toString('hex')
  return { traceId: hex.slice(0, 32), spanId: hex.slice(32, 48) }
}

function tokensOf(log: UsageLogBody): Partial<Call> {
  const { inputTokens = null, outputTokens = null } = log
  const known = inputTokens !== null && outputTokens !== null ? inputTokens + outputTokens : null
  const total = log.totalTokens ?? (Number.isSafeInteger(known) ? known : null)
  const isKnown = inputTokens !== null || outputTokens !== null || total !== null
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: total,
    cache_read_tokens: log.cacheReadTokens ?? null,
    cache_write_tokens: log.cacheWriteTokens ?? null,
    reasoning_tokens: log.reasoningTokens ?? null,
    usage_source: isKnown ? 'reported' : 'none',
  }
}

function moneyOf(call: Call, reported: number | null, prices: PriceBook): Partial<Call> {
  if (reported !== null) return { cost_nano_usd: Math.round(reported * NANO_PER_USD), cost_source: 'reported' }
  const cost = priceCall(call, prices)
  return {
    cost_nano_usd: cost.costNanoUsd,
    cost_source: cost.source,
    cost_flags: cost.flags.length === 0 ? null : cost.flags,
    cost_reason: cost.reason,
    price_version: cost.priceVersion,
  }
}

function outcomeOf(error: string | null | undefined, policy: ContentPolicy): Partial<Call> {
  if (error === undefined || error === null || error === '') return { status: 'ok' }
  return { status: 'error', error_message: policy.text(error) }
}

interface LoggedTool {
  readonly name: string | null
  readonly arguments: unknown
  readonly result: unknown
  readonly durationMs: number | null
  readonly error: string | null
}

const UNKNOWN_TOOL: LoggedTool = { name: null, arguments: undefined, result: undefined, durationMs: null, error: null }

// A count without a list stands for tool calls with unknown names.
function toolsOf(log: UsageLogBody): readonly LoggedTool[] {
  const given = log.toolCallsJson ?? []
  const named = listOf(given).map(toTool)
  const count = Math.max(named.length, log.toolCallsCount ?? 0)
  if (count > MAX_TOOLS) {
    const field = named.length > MAX_TOOLS ? 'toolCallsJson' : 'toolCallsCount'
    throw new HttpError(`${field} must not exceed ${MAX_TOOLS} tool calls`, {
      status: 400,
      code: 'invalid_value',
      field,
      hint: 'Log one call at a time',
    })
  }
  return [...named, ...Array.from({ length: count - named.length }, () => UNKNOWN_TOOL)]
}

// An object with a name is one tool call; otherwise its keys are the names of tool calls.
function listOf(given: Readonly<Record<string, unknown>> | readonly unknown[]): readonly unknown[] {
  if (Array.isArray(given)) return given
  const object = given as Readonly<Record<string, unknown>> // not an array
  if (typeof (object['name'] ?? object['toolName']) === 'string') return [object]
  return Object.entries(object).map(([name, value]) => (isObject(value) ? { name, ...value } : { name, result: value }))
}

function toTool(value: unknown): LoggedTool {
  if (typeof value === 'string') return { ...UNKNOWN_TOOL, name: value }
  if (!isObject(value)) return { ...UNKNOWN_TOOL, result: value }
  const name = value['name'] ?? value['toolName'] ?? value['tool_name']
  const durationMs = value['durationMs'] ?? value['duration_ms']
  const error = value['error']
  return {
    name: typeof name === 'string' ? name.slice(0, 1000) : null,
    arguments: value['arguments'] ?? value['args'] ?? value['input'],
    result: value['result'] ?? value['output'],
    durationMs: typeof durationMs === 'number' && durationMs >= 0 ? durationMs : null,
    error: error === undefined || error === null || error === false ? null : textOf(error),
  }
}

function toolCall(
  tool: LoggedTool,
  { operation, index, policy }: { readonly operation: Call; readonly index: number; readonly policy: ContentPolicy },
): Call {
  const said = policy.apply({
    ...(tool.arguments === undefined ? {} : { toolArguments: tool.arguments }),
    ...(tool.result === undefined ? {} : { toolResult: tool.result }),
  })
  const startedAt = operation.started_at
  return {
    ...loggedCall({ traceId: operation.trace_id, spanId: toToolSpanId(operation.trace_id, String(index)) }, startedAt),
    parent_span_id: operation.span_id,
    run_id: operation.span_id,
    kind: 'tool',
    operation: operation.operation,
    call_type: 'EXECUTE_TOOL',
    name: tool.name === null ? 'execute_tool' : `execute_tool ${tool.name}`,
    request_id: operation.request_id,
    ...attributionOf(operation),
    tool_name: tool.name,
    ended_at: startedAt + Math.round(tool.durationMs ?? 0),
    duration_ms: tool.durationMs,
    ...outcomeOf(tool.error, policy),
    content: {
      ...EMPTY_CONTENT,
      tool_arguments: said.toolArguments ?? null,
      tool_result: said.toolResult ?? null,
      lengths: said.lengths,
    },
  }
}

function objectOf(json: Json): Call['response_metadata'] {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Call['response_metadata'] // not an array
  return { value: json }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
