import type { Answer } from './answer.ts'
import { gatewayMetadata, upstreamModelOf } from './gateway-metadata.ts'
import { finishReasonIn, specificationOf, wireUsageOf } from './gateway-usage.ts'
import type { JsonObject } from './json.ts'
import type { Frame, StreamFailure } from './wire-dialect.ts'

/** The content of an answer that does not stream. */
export function gatewayContent(answer: Answer): readonly JsonObject[] {
  const { reasoning, text, toolCalls } = answer
  return [
    ...(reasoning.length === 0 ? [] : [{ type: 'reasoning', text: reasoning.join('') }]),
    ...(text.length === 0 ? [] : [{ type: 'text', text: text.join('') }]),
    ...toolCalls.map((call) => ({
      type: 'tool-call',
      toolCallId: call.id,
      toolName: call.name,
      input: call.arguments,
    })),
  ]
}

/** The AI SDK's own stream parts, in the order in which a provider package makes them. */
export function gatewayFrames(answer: Answer): readonly Frame[] {
  const timestamp = new Date(answer.createdAt * 1000).toISOString()
  return [
    part('stream-start', { warnings: [] }),
    part('response-metadata', { id: `resp_${answer.id}`, modelId: upstreamModelOf(answer), timestamp }),
    ...deltaFrames('reasoning', answer.reasoning),
    ...deltaFrames('text', answer.text),
    ...toolFrames(answer),
    ...closingFrames(answer),
  ]
}

/** The error part; with a finish, the usual end follows, and says that it went wrong. */
export function gatewayFailure(answer: Answer, failure: StreamFailure): readonly Frame[] {
  const error = part('error', { error: { message: failure.message, type: 'internal_server_error' } })
  return failure.withFinish ? [error, ...closingFrames({ ...answer, finishReason: 'error' })] : [error]
}

function deltaFrames(type: 'reasoning' | 'text', pieces: readonly string[]): readonly Frame[] {
  if (pieces.length === 0) return []
  const id = `${type}-0`
  return [
    part(`${type}-start`, { id }),
    ...pieces.map((delta) => ({
      ...part(`${type}-delta`, { id, delta }),
      isContent: true,
      text: type === 'text' ? delta : undefined,
    })),
    part(`${type}-end`, { id }),
  ]
}

function toolFrames({ toolCalls }: Answer): readonly Frame[] {
  return toolCalls.flatMap((call) => {
    const half = Math.ceil(call.arguments.length / 2)
    return [
      part('tool-input-start', { id: call.id, toolName: call.name }),
      ...[call.arguments.slice(0, half), call.arguments.slice(half)].map((delta) => ({
        ...part('tool-input-delta', { id: call.id, delta }),
        isContent: true,
      })),
      part('tool-input-end', { id: call.id }),
      {
        ...part('tool-call', { toolCallId: call.id, toolName: call.name, input: call.arguments }),
        toolCall: call,
      },
    ]
  })
}

function closingFrames(answer: Answer): readonly Frame[] {
  const { usage } = answer
  const finish = part('finish', {
    finishReason: finishReasonIn(answer, specificationOf(answer.request)),
    usage: wireUsageOf(answer),
    providerMetadata: gatewayMetadata(answer),
  })
  return [usage === undefined ? finish : { ...finish, usage, isFinalUsage: true }]
}

function part(type: string, members: JsonObject): Frame {
  return { data: { type, ...members } }
}
