import { type Attributes, isObject, jsonOf, textOf } from '../../json/attribute-values.ts'
import { CORE, GEN_AI } from '../../vocabulary/attributes.ts'
import type { Json, JsonObject } from '../../json/json.ts'
import type { HrTime, SpanLike } from '../../span/span-like.ts'
import { toToolSpanId } from '../../call/to-tool-span-id.ts'
import { legacyOperationOf } from './legacy.ts'
import { AI_SDK_7_SCOPE } from './seven.ts'

/** A tool call that a model requested from the application. */
export interface AskedTool {
  readonly id: string
  readonly name: string
  /** JSON, or whatever the model wrote instead. */
  readonly argumentsText: string | undefined
}

/** The outcome of a tool call, as reported to the model in the next prompt. */
export interface ToolOutcome {
  readonly id: string
  /** Why the call failed; undefined if it succeeded. */
  readonly errorText: string | undefined
}

/** A tool call that the AI SDK refused to run. */
export interface ToolFailure {
  readonly tool: AskedTool
  readonly errorText: string
  /** When it was refused: the end of the model call that requested it. */
  readonly at: HrTime
}

const STATUS_ERROR = 2

/** The tool calls that a raw, ended model call of the AI SDK requests, without those that the provider runs itself. */
export function toolCallsOf(span: SpanLike): readonly AskedTool[] {
  const from = span.attributes
  if (legacyOperationOf(from) !== undefined) {
    const calls = from['ai.response.toolCalls']
    return calls === undefined ? [] : objectsOf(jsonOf(calls)).flatMap(askedOfLegacy)
  }
  const messages = from[GEN_AI.outputMessages]
  if (!isOfSeven(span) || typeof messages !== 'string' || !messages.includes('"tool_call"')) return []
  const parts = objectsOf(jsonOf(messages)).flatMap((message) => objectsOf(message['parts']))
  // If the provider runs a tool, its answer holds both call and result.
  const answered = new Set(parts.flatMap((part) => (part['type'] === 'tool_call_response' ? [part['id']] : [])))
  return parts.flatMap((part) =>
    part['type'] === 'tool_call' && !answered.has(part['id'])
      ? askedTool(part['id'], part['name'], part['arguments'])
      : [],
  )
}

/**
 * The outcomes of these tool calls according to the prompt of a raw model call of the AI SDK. Calls it does not mention
 * are left out.
 */
export function toolOutcomesOf(span: SpanLike, ids: readonly string[]): readonly ToolOutcome[] {
  const from = span.attributes
  const isLegacy = legacyOperationOf(from) !== undefined
  const prompt = isLegacy ? from['ai.prompt.messages'] : isOfSeven(span) ? from[GEN_AI.inputMessages] : undefined
  if (typeof prompt !== 'string') return []
  const named = new Set<unknown>(ids.filter((id) => prompt.includes(id)))
  if (named.size === 0) return []
  return objectsOf(jsonOf(prompt)).flatMap((message) => {
    // Results of tools that the provider ran are in assistant messages.
    if (message['role'] !== 'tool') return []
    const outcomes = isLegacy
      ? objectsOf(message['content']).flatMap(outcomeOfLegacy)
      : objectsOf(message['parts']).flatMap(outcomeOfSeven)
    return outcomes.filter((outcome) => named.has(outcome.id))
  })
}

/**
 * Creates the span that the AI SDK does not emit, in the form it uses for tools that fail. `model` is any model call of
 * the same run and determines the dialect.
 */
export function toolFailureSpan({ tool, errorText, at }: ToolFailure, model: SpanLike): SpanLike {
  const { traceId, traceFlags } = model.spanContext()
  const context = {
    traceId,
    spanId: toToolSpanId(traceId, tool.id),
    ...(traceFlags === undefined ? {} : { traceFlags }),
  }
  const isLegacy = legacyOperationOf(model.attributes) !== undefined
  return {
    name: `execute_tool ${tool.name}`,
    kind: 0,
    spanContext: () => context,
    startTime: at,
    endTime: at,
    status: { code: STATUS_ERROR, message: errorText },
    attributes: {
      ...(isLegacy ? legacyAttributes(tool, model.attributes) : sevenAttributes(tool)),
      [CORE.errorType]: errorTypeOf(errorText) ?? '_OTHER',
    },
    events: [],
    resource: model.resource,
    instrumentationScope: model.instrumentationScope,
  }
}

function legacyAttributes(tool: AskedTool, model: Attributes): Record<string, unknown> {
  return {
    'ai.operationId': 'ai.toolCall',
    'ai.toolCall.id': tool.id,
    'ai.toolCall.name': tool.name,
    'ai.toolCall.args': tool.argumentsText,
    // Names the version of the SDK.
    'ai.request.headers.user-agent': model['ai.request.headers.user-agent'],
  }
}

function sevenAttributes(tool: AskedTool): Record<string, unknown> {
  return {
    [GEN_AI.operationName]: 'execute_tool',
    [GEN_AI.toolCallId]: tool.id,
    [GEN_AI.toolName]: tool.name,
    [GEN_AI.toolType]: 'function',
    [GEN_AI.toolArguments]: tool.argumentsText,
  }
}

// Other instrumentations may run tools without a span, so a missing span proves nothing.
function isOfSeven(span: SpanLike): boolean {
  return span.instrumentationScope?.name === AI_SDK_7_SCOPE
}

function askedOfLegacy(call: JsonObject): AskedTool[] {
  if (call['providerExecuted'] === true) return []
  return askedTool(call['toolCallId'], call['toolName'], call['input'] ?? call['args'])
}

function askedTool(id: unknown, name: unknown, input: Json | undefined): AskedTool[] {
  const callId = textOf(id)
  if (callId === undefined) return []
  const argumentsText = typeof input === 'string' || input === undefined ? input : JSON.stringify(input)
  return [{ id: callId, name: textOf(name) ?? 'unknown', argumentsText }]
}

function outcomeOfLegacy(part: JsonObject): ToolOutcome[] {
  const id = textOf(part['toolCallId'])
  if (part['type'] !== 'tool-result' || id === undefined) return []
  const output = part['output']
  if (!isObject(output)) return [{ id, errorText: undefined }]
  const { type, value } = output
  if (type !== 'error-text' && type !== 'error-json') return [{ id, errorText: undefined }]
  return [{ id, errorText: typeof value === 'string' ? value : JSON.stringify(value ?? null) }]
}

// Version 7 marks an error only by its text.
function outcomeOfSeven(part: JsonObject): ToolOutcome[] {
  const id = textOf(part['id'])
  if (part['type'] !== 'tool_call_response' || id === undefined) return []
  const response = textOf(part['response'])
  return [{ id, errorText: response !== undefined && isRefusal(response) ? response : undefined }]
}

function isRefusal(text: string): boolean {
  return errorTypeOf(text) !== undefined || /^AI_\w+Error: /.test(text)
}

// Versions before 7 report the message without the name of the error.
function errorTypeOf(text: string): string | undefined {
  if (/^(?:AI_NoSuchToolError: )?Model tried to call unavailable tool /.test(text)) return 'AI_NoSuchToolError'
  if (/^(?:AI_InvalidToolInputError: )?Invalid input for tool /.test(text)) return 'AI_InvalidToolInputError'
  return /^AI_(?:NoSuchTool|InvalidToolInput)Error(?=: )/.exec(text)?.[0]
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => isObject(item)) : []
}
