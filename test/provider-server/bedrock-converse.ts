import type { Answer } from './answer.ts'
import { AWS_EVENT_STREAM } from './aws-event-stream.ts'
import { converseFailure, converseFrames } from './bedrock-converse-stream.ts'
import { bedrockError, bedrockErrorHeaders } from './bedrock-error.ts'
import { countOf, listOf, objectOf, parseJson, stringOf, type Json, type JsonObject } from './json.ts'
import { NOTHING_BILLED, type Billed } from './provider-call.ts'
import type { OfferedTool, RequestReading, ToolChoice, Turn } from './provider-request.ts'
import { quoteMalformed } from './quote-malformed.ts'
import { sumOf, type TokenCounts } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'content_filtered',
  'tool-calls': 'tool_use',
}

/** `POST /model/{model}/converse` and `/converse-stream`. The answer names no model; its id is a header. */
export const bedrockConverse: WireDialect = {
  api: 'converse',
  read: readConverse,
  // On the wire: 50 uncached, 20 written for 5 minutes, 30 read.
  defaultUsage: () => ({ inputTokens: 100, cacheReadTokens: 30, cacheWriteTokens: 20, outputTokens: 40 }),
  usage: converseUsage,
  billed: converseBilled,
  serviceTier: (asked) => asked,
  responseId: (answer) => requestIdOf(answer.id),
  responseModel: () => undefined,
  toolCallId: (id) => `tooluse_${id}`,
  // A stream carries arguments as text, a whole answer as an object.
  toolArguments: (text, request) => (request.stream ? text : quoteMalformed(text)),
  headers: (answer) => ({ 'x-amzn-requestid': requestIdOf(answer.id) }),
  answer: (answer) => ({
    metrics: { latencyMs: 5 },
    output: { message: { role: 'assistant', content: contentOf(answer) } },
    serviceTier: answer.serviceTier === undefined ? undefined : { type: answer.serviceTier },
    stopReason: stopReasonOf(answer),
    usage: answer.usage,
  }),
  streaming: {
    transport: AWS_EVENT_STREAM,
    frames: (answer) => converseFrames(answer, stopReasonOf(answer)),
    failure: (answer, failure) => converseFailure(answer, failure, stopReasonOf(answer)),
  },
  error: bedrockError,
  errorHeaders: bedrockErrorHeaders,
}

/** The model that the path names; an inference profile or an ARN comes encoded. */
export function modelInBedrockPath(path: string): string {
  return decodeURIComponent(/\/model\/([^/]+)\//.exec(path)?.[1] ?? '')
}

/** The id that AWS gives to a request, in the shape of a UUID. */
export function requestIdOf(id: string): string {
  const digits = id.padStart(32, '0').slice(-32)
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function readConverse(body: JsonObject, path: string): RequestReading {
  const { tools, toolChoice } = objectOf(body.toolConfig)
  const { output_config: output } = objectOf(body.additionalModelRequestFields)
  const format = objectOf(objectOf(output).format)
  return {
    model: modelInBedrockPath(path),
    stream: path.endsWith('/converse-stream'),
    turns: [
      { role: 'system', text: textOfBlocks(body.system) },
      ...listOf(body.messages).flatMap((message) => turnsOf(objectOf(message))),
    ],
    tools: listOf(tools).flatMap((tool) => offeredTool(objectOf(objectOf(tool).toolSpec))),
    toolChoice: toolChoiceOf(objectOf(toolChoice)),
    outputSchema: format.type === 'json_schema' ? objectOf(format.schema) : undefined,
    values: [],
    serviceTier: stringOf(objectOf(body.serviceTier).type),
  }
}

// Tool results come in the user's name, sometimes in one message with what the user says next.
function turnsOf(message: JsonObject): readonly Turn[] {
  const text = textOfBlocks(message.content)
  if (message.role !== 'user') return [{ role: 'assistant', text }]
  const results = listOf(message.content).filter((block) => objectOf(block).toolResult !== undefined)
  return [
    ...results.map((): Turn => ({ role: 'tool', text: '' })),
    ...(text === '' && results.length > 0 ? [] : [{ role: 'user', text } as const]),
  ]
}

function textOfBlocks(blocks: Json | undefined): string {
  return listOf(blocks)
    .flatMap((block) => stringOf(objectOf(block).text) ?? [])
    .join('\n')
}

// A cache point among the tools is no tool.
function offeredTool(tool: JsonObject): readonly OfferedTool[] {
  const name = stringOf(tool.name)
  return name === undefined ? [] : [{ name, schema: objectOf(objectOf(tool.inputSchema).json) }]
}

function toolChoiceOf(choice: JsonObject): ToolChoice {
  if (choice.any !== undefined) return 'required'
  const name = stringOf(objectOf(choice.tool).name)
  return name === undefined ? 'auto' : { name }
}

function converseUsage(counts: TokenCounts): JsonObject {
  const read = counts.cacheReadTokens ?? 0
  const written = counts.cacheWriteTokens ?? 0
  const written1h = counts.cacheWrite1hTokens ?? 0
  const writes = [
    { inputTokens: written1h, ttl: '1h' },
    { inputTokens: written - written1h, ttl: '5m' },
  ].filter(({ inputTokens }) => inputTokens > 0)
  return {
    inputTokens: counts.inputTokens - read - written,
    outputTokens: counts.outputTokens,
    // Unlike `inputTokens`, the total counts what was read from and written to the cache.
    totalTokens: counts.inputTokens + counts.outputTokens,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    cacheDetails: writes.length === 0 ? undefined : writes,
    serverToolUsage: {},
  }
}

function converseBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const cacheReadTokens = countOf(usage.cacheReadInputTokens)
  const cacheWriteTokens = countOf(usage.cacheWriteInputTokens)
  const details = listOf(usage.cacheDetails).map(objectOf)
  const hour = details.find(({ ttl }) => ttl === '1h')
  return {
    ...NOTHING_BILLED,
    inputTokens: sumOf(usage.inputTokens, cacheReadTokens ?? 0, cacheWriteTokens ?? 0),
    outputTokens: countOf(usage.outputTokens),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: hour === undefined && details.length > 0 ? 0 : countOf(hour?.inputTokens),
    serviceTier,
  }
}

function contentOf(answer: Answer): readonly JsonObject[] {
  const { id, reasoning, text, toolCalls } = answer
  const reasoningText = { text: reasoning.join(''), signature: `sig_${id}` }
  return [
    ...(reasoning.length === 0 ? [] : [{ reasoningContent: { reasoningText } }]),
    ...(text.length === 0 ? [] : [{ text: text.join('') }]),
    ...toolCalls.map((call) => ({
      toolUse: { toolUseId: call.id, name: call.name, input: parseJson(call.arguments) },
    })),
  ]
}

function stopReasonOf(answer: Answer): string {
  return STOP_REASONS[answer.finishReason] ?? answer.finishReason
}
