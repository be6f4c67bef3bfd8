import type { Answer } from './answer.ts'
import { listOf, objectOf, parseJson, stringOf, type Json, type JsonObject } from './json.ts'
import type { ChatFlavour } from './chat-flavours.ts'
import type { OfferedTool, RequestReading, ToolChoice, Turn } from './provider-request.ts'
import { USUAL_COUNTS } from './token-counts.ts'
import type { Frame, StreamFailure, WireDialect } from './wire-dialect.ts'

const FINISH_REASONS: Readonly<Record<string, string>> = {
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
}

/** `POST /chat/completions`, as OpenAI and everyone who copies it speak. */
export function openaiChat(flavour: ChatFlavour): WireDialect {
  return {
    api: 'chat',
    read: readChat,
    defaultUsage: () => ({ ...USUAL_COUNTS, costUsd: flavour.costUsd }),
    usage: flavour.usage,
    billed: flavour.billed,
    serviceTier: flavour.serviceTier,
    responseId: (answer) => `chatcmpl-${answer.id}`,
    responseModel: (answer) => answer.model,
    toolCallId: (id) => `call_${id}`,
    answer: (answer) => completion(answer, flavour),
    streaming: {
      frames: (answer) => [...contentFrames(answer, flavour), ...closingFrames(answer, flavour)],
      failure: (answer, failure) => failureFrames(answer, flavour, failure),
    },
    error: flavour.error,
  }
}

/** What a chat request asks for, where it is spelled as OpenAI spells it. */
export function readChat(body: JsonObject, path: string): RequestReading {
  const turns = listOf(body.messages).map((message) => turnOf(objectOf(message)))
  return {
    // Azure names the deployment in the path.
    model: stringOf(body.model) ?? /\/deployments\/([^/]+)\//.exec(path)?.[1] ?? '',
    stream: body.stream === true,
    turns,
    tools: listOf(body.tools).flatMap((tool) => offeredTool(objectOf(objectOf(tool).function))),
    toolChoice: toolChoiceOf(body.tool_choice),
    outputSchema: outputSchemaOf(objectOf(body.response_format), turns),
    values: [],
    serviceTier: stringOf(body.service_tier),
  }
}

function turnOf(message: JsonObject): Turn {
  const role = message.role === 'developer' ? 'system' : message.role
  const text = stringOf(message.content) ?? textOfParts(message.content)
  return { role: role === 'system' || role === 'user' || role === 'tool' ? role : 'assistant', text }
}

function textOfParts(content: Json | undefined): string {
  return listOf(content)
    .flatMap((part) => stringOf(objectOf(part).text) ?? [])
    .join('\n')
}

function offeredTool(definition: JsonObject): readonly OfferedTool[] {
  const name = stringOf(definition.name)
  return name === undefined ? [] : [{ name, schema: objectOf(definition.parameters) }]
}

function toolChoiceOf(choice: Json | undefined): ToolChoice {
  if (choice === 'none' || choice === 'required') return choice
  // Mistral says `any` for `required`.
  if (choice === 'any') return 'required'
  const name = stringOf(objectOf(objectOf(choice).function).name)
  return name === undefined ? 'auto' : { name }
}

function outputSchemaOf(format: JsonObject, turns: readonly Turn[]): JsonObject | undefined {
  if (format.type === 'json_schema') return objectOf(objectOf(format.json_schema).schema)
  if (format.type !== 'json_object') return undefined
  // Where the wire takes no schema, the SDKs write it into the prompt.
  const written = turns.flatMap((turn) => /schema:\s*(\{.*\})/i.exec(turn.text)?.[1] ?? [])[0]
  return { type: 'object', ...objectOf(parseJson(written ?? '')) }
}

function completion(answer: Answer, flavour: ChatFlavour): JsonObject {
  const message = {
    role: 'assistant',
    ...flavour.content(answer.text.join(''), answer.reasoning.join('')),
    tool_calls: answer.toolCalls.length === 0 ? undefined : answer.toolCalls.map(toolCallJson),
    refusal: null,
  }
  return {
    ...envelope(answer, 'chat.completion'),
    ...flavour.envelope,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(answer) }],
    usage: answer.usage,
  }
}

function contentFrames(answer: Answer, flavour: ChatFlavour): readonly Frame[] {
  const say = (delta: JsonObject, more: Omit<Frame, 'data'> = {}): Frame => ({
    ...more,
    data: chunk(answer, flavour, delta),
  })
  return [
    ...flavour.openingFrames,
    say({ role: 'assistant', content: '' }),
    ...answer.reasoning.flatMap((piece) => {
      const delta = flavour.content(undefined, piece)
      return Object.keys(delta).length === 0 ? [] : [say(delta, { isContent: true })]
    }),
    ...answer.text.map((piece) => say({ content: piece }, { isContent: true, text: piece })),
    ...answer.toolCalls.flatMap((call, index) => {
      const whole = { index, ...toolCallJson(call) }
      if (flavour.wholeToolCalls) return [say({ tool_calls: [whole] }, { isContent: true, toolCall: call })]
      const opening = { ...whole, function: { name: call.name, arguments: '' } }
      const half = Math.ceil(call.arguments.length / 2)
      const argument = (piece: string): JsonObject => ({ tool_calls: [{ index, function: { arguments: piece } }] })
      return [
        say({ tool_calls: [opening] }),
        say(argument(call.arguments.slice(0, half)), { isContent: true }),
        say(argument(call.arguments.slice(half)), { isContent: true, toolCall: call }),
      ]
    }),
  ]
}

function closingFrames(answer: Answer, flavour: ChatFlavour): readonly Frame[] {
  const finish = chunk(answer, flavour, {}, finishReasonOf(answer))
  const { usage } = answer
  const isAsked = objectOf(answer.request.body.stream_options).include_usage === true
  if (usage === undefined || (flavour.streamUsage === 'when-asked' && !isAsked))
    return [{ data: finish }, { data: '[DONE]' }]
  const told = { usage, isFinalUsage: true }
  switch (flavour.streamUsage) {
    case 'x_groq':
      return [{ data: { ...finish, x_groq: { id: `req_${answer.id}`, usage } }, ...told }, { data: '[DONE]' }]
    case 'with-finish':
      return [{ data: { ...finish, usage }, ...told }, { data: '[DONE]' }]
    default: {
      const last = { ...envelope(answer, 'chat.completion.chunk'), ...flavour.envelope, choices: [], usage }
      return [{ data: finish }, { data: last, ...told }, { data: '[DONE]' }]
    }
  }
}

function failureFrames(answer: Answer, flavour: ChatFlavour, failure: StreamFailure): readonly Frame[] {
  const error: Frame = { data: flavour.error(500, failure.message) }
  return failure.withFinish ? [error, ...closingFrames(answer, flavour)] : [error]
}

function chunk(
  answer: Answer,
  flavour: ChatFlavour,
  delta: JsonObject,
  finishReason: string | null = null,
): JsonObject {
  return {
    ...envelope(answer, 'chat.completion.chunk'),
    ...flavour.envelope,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  }
}

function envelope(answer: Answer, object: string): JsonObject {
  return {
    id: `chatcmpl-${answer.id}`,
    object,
    created: answer.createdAt,
    model: answer.model,
    service_tier: answer.serviceTier,
  }
}

function toolCallJson(call: {
  readonly id: string | undefined
  readonly name: string
  readonly arguments: string
}): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }
}

function finishReasonOf(answer: Answer): string {
  // A forced function ends with `stop`, not with `tool_calls`.
  if (answer.finishReason === 'tool-calls' && typeof answer.request.toolChoice === 'object') return 'stop'
  return FINISH_REASONS[answer.finishReason] ?? answer.finishReason
}
