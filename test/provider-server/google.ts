import type { Answer } from './answer.ts'
import { countOf, listOf, objectOf, parseJson, stringOf, type Json, type JsonObject } from './json.ts'
import { quoteMalformed } from './quote-malformed.ts'
import type { AnsweredToolCall, Billed } from './provider-call.ts'
import type { OfferedTool, RequestReading, ToolChoice, Turn } from './provider-request.ts'
import { sumOf, USUAL_COUNTS, type TokenCounts } from './token-counts.ts'
import type { Frame, StreamFailure, WireDialect } from './wire-dialect.ts'

const FINISH_REASONS: Readonly<Record<string, string>> = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
}

const ERROR_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** `POST /models/{model}:generateContent` and `:streamGenerateContent`. */
export const googleGenerateContent: WireDialect = {
  api: 'generateContent',
  read: readGenerateContent,
  // On the wire: 33 candidate tokens and 7 thought tokens beside them.
  defaultUsage: () => USUAL_COUNTS,
  usage: (counts, answer) => usageMetadata(counts, answer.serviceTier),
  billed: usageBilled,
  serviceTier: (asked) => asked,
  responseId: (answer) => answer.id,
  responseModel: (answer) => answer.model,
  toolCallId: () => undefined,
  toolArguments: quoteMalformed,
  headers: (answer) => (answer.serviceTier === undefined ? {} : { 'x-gemini-service-tier': answer.serviceTier }),
  answer: (answer) => response(answer, { parts: partsOf(answer), isLast: true }),
  streaming: {
    frames: (answer) => [...contentFrames(answer), ...closingFrames(answer)],
    failure: failureFrames,
  },
  error: googleError,
}

/** The body of a Google error; also its error event in a stream. */
export function googleError(status: number, message: string): JsonObject {
  const word = ERROR_STATUSES[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL')
  return { error: { code: status, message, status: word } }
}

/** The model that the path names. */
export function modelInPath(path: string): string {
  return decodeURIComponent(/\/(?:models|tunedModels)\/([^/]+):\w+$/.exec(path)?.[1] ?? '')
}

function readGenerateContent(body: JsonObject, path: string): RequestReading {
  const config = objectOf(body.generationConfig)
  const isJson = config.responseMimeType === 'application/json'
  // The SDK for AI SDK 4 sends one object where the others send a list of one.
  const tools = Array.isArray(body.tools) ? listOf(body.tools) : [objectOf(body.tools)]
  return {
    model: modelInPath(path),
    stream: path.endsWith(':streamGenerateContent'),
    turns: [
      { role: 'system', text: textOfParts(objectOf(body.systemInstruction).parts) },
      ...listOf(body.contents).flatMap((content) => turnsOf(objectOf(content))),
    ],
    tools: tools
      .flatMap((tool) => listOf(objectOf(tool).functionDeclarations))
      .flatMap((tool) => offeredTool(objectOf(tool))),
    toolChoice: toolChoiceOf(objectOf(objectOf(body.toolConfig).functionCallingConfig)),
    outputSchema: isJson
      ? { type: 'object', ...objectOf(config.responseSchema ?? config.responseJsonSchema) }
      : undefined,
    values: [],
    serviceTier: stringOf(body.serviceTier),
  }
}

function turnsOf(content: JsonObject): readonly Turn[] {
  const parts = listOf(content.parts).map(objectOf)
  const text = textOfParts(content.parts)
  if (content.role === 'model') return [{ role: 'assistant', text }]
  const results = parts.filter((part) => part.functionResponse !== undefined)
  return [
    ...results.map((): Turn => ({ role: 'tool', text: '' })),
    ...(text === '' && results.length > 0 ? [] : [{ role: 'user', text } as const]),
  ]
}

function textOfParts(parts: Json | undefined): string {
  return listOf(parts)
    .flatMap((part) => stringOf(objectOf(part).text) ?? [])
    .join('\n')
}

function offeredTool(declaration: JsonObject): readonly OfferedTool[] {
  const name = stringOf(declaration.name)
  const schema = objectOf(declaration.parameters ?? declaration.parametersJsonSchema)
  return name === undefined ? [] : [{ name, schema }]
}

function toolChoiceOf(config: JsonObject): ToolChoice {
  if (config.mode === 'NONE') return 'none'
  if (config.mode !== 'ANY') return 'auto'
  const [name, ...others] = listOf(config.allowedFunctionNames)
  return typeof name === 'string' && others.length === 0 ? { name } : 'required'
}

function usageMetadata(counts: TokenCounts, serviceTier: string | undefined): JsonObject {
  const thoughts = counts.reasoningTokens ?? 0
  const cached = counts.cacheReadTokens ?? 0
  return {
    promptTokenCount: counts.inputTokens,
    candidatesTokenCount: counts.outputTokens - thoughts,
    totalTokenCount: counts.inputTokens + counts.outputTokens,
    cachedContentTokenCount: cached === 0 ? undefined : cached,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: counts.inputTokens }],
    cacheTokensDetails: cached === 0 ? undefined : [{ modality: 'TEXT', tokenCount: cached }],
    thoughtsTokenCount: thoughts === 0 ? undefined : thoughts,
    serviceTier,
  }
}

function usageBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const reasoningTokens = countOf(usage.thoughtsTokenCount)
  return {
    inputTokens: countOf(usage.promptTokenCount),
    outputTokens: sumOf(usage.candidatesTokenCount, reasoningTokens ?? 0),
    cacheReadTokens: countOf(usage.cachedContentTokenCount),
    cacheWriteTokens: undefined,
    cacheWrite1hTokens: undefined,
    reasoningTokens,
    serviceTier: stringOf(usage.serviceTier) ?? serviceTier,
    costUsd: undefined,
  }
}

function partsOf(answer: Answer): readonly JsonObject[] {
  return [
    ...(answer.reasoning.length === 0 ? [] : [{ text: answer.reasoning.join(''), thought: true }]),
    ...(answer.text.length === 0 ? [] : [{ text: answer.text.join('') }]),
    ...answer.toolCalls.map(functionCallPart),
  ]
}

function functionCallPart(call: AnsweredToolCall): JsonObject {
  return { functionCall: { name: call.name, args: parseJson(call.arguments) } }
}

function contentFrames(answer: Answer): readonly Frame[] {
  // Every chunk counts what went before; only the last one is the bill.
  const usage = answer.usage && {
    promptTokenCount: answer.usage.promptTokenCount,
    totalTokenCount: answer.usage.promptTokenCount,
  }
  const say = (part: JsonObject, more: Omit<Frame, 'data'> = {}): Frame => ({
    ...more,
    isContent: true,
    data: { ...response(answer, { parts: [part], isLast: false }), usageMetadata: usage },
    usage,
  })
  return [
    ...answer.reasoning.map((text) => say({ text, thought: true })),
    ...answer.text.map((text) => say({ text }, { text })),
    ...answer.toolCalls.map((call) => say(functionCallPart(call), { toolCall: call })),
  ]
}

function closingFrames(answer: Answer): readonly Frame[] {
  const data = response(answer, { parts: [{ text: '' }], isLast: true })
  return [answer.usage === undefined ? { data } : { data, usage: answer.usage, isFinalUsage: true }]
}

function failureFrames(answer: Answer, failure: StreamFailure): readonly Frame[] {
  const error: Frame = { data: googleError(503, failure.message) }
  return failure.withFinish ? [error, ...closingFrames(answer)] : [error]
}

function response(
  answer: Answer,
  content: { readonly parts: readonly JsonObject[]; readonly isLast: boolean },
): JsonObject {
  const finishReason = FINISH_REASONS[answer.finishReason] ?? answer.finishReason
  return {
    candidates: [
      {
        content: { parts: content.parts, role: 'model' },
        finishReason: content.isLast ? finishReason : undefined,
        index: 0,
      },
    ],
    usageMetadata: content.isLast ? answer.usage : undefined,
    modelVersion: answer.model,
    responseId: answer.id,
  }
}
