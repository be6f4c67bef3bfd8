import type { Answer } from './answer.ts'
import type { JsonObject } from './json.ts'
import type { AnsweredToolCall } from './provider-call.ts'
import type { Frame, StreamFailure } from './wire-dialect.ts'

/** The events of one message, in the order in which Cohere sends them. */
export function cohereFrames(answer: Answer, finishReason: string): readonly Frame[] {
  const { reasoning, text, toolCalls } = answer
  const textIndex = reasoning.length === 0 ? 0 : 1
  return [
    event('message-start', { id: answer.id, delta: { message: startedMessage() } }),
    ...(reasoning.length === 0 ? [] : contentFrames('thinking', reasoning, 0)),
    ...(text.length === 0 ? [] : contentFrames('text', text, textIndex)),
    ...(toolCalls.length === 0 ? [] : toolFrames(answer)),
    ...closingFrames(answer, { finish_reason: finishReason }),
  ]
}

/** The message ends with an error; only with a finish does it tell its usage. */
export function cohereFailure(answer: Answer, failure: StreamFailure): readonly Frame[] {
  const delta = { error: failure.message, finish_reason: 'ERROR' }
  return closingFrames(failure.withFinish ? answer : { ...answer, usage: undefined }, delta)
}

/** What the model says before it calls tools. */
export function toolPlanOf(toolCalls: readonly AnsweredToolCall[]): string {
  return `I will use ${toolCalls.map((call) => call.name).join(' and ')}.`
}

function startedMessage(): JsonObject {
  return { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] }
}

function contentFrames(type: 'thinking' | 'text', pieces: readonly string[], index: number): readonly Frame[] {
  const content = (members: JsonObject): JsonObject => ({ index, delta: { message: { content: members } } })
  return [
    event('content-start', content({ type, [type]: '' })),
    ...pieces.map((piece) => ({
      ...event('content-delta', content({ [type]: piece })),
      isContent: true,
      text: type === 'text' ? piece : undefined,
    })),
    event('content-end', { index }),
  ]
}

function toolFrames({ toolCalls }: Answer): readonly Frame[] {
  const plan = toolPlanOf(toolCalls)
  return [
    event('tool-plan-delta', { delta: { message: { tool_plan: plan } } }),
    ...toolCalls.flatMap((call, index) => {
      const half = Math.ceil(call.arguments.length / 2)
      const part = (members: JsonObject): JsonObject => ({ index, delta: { message: { tool_calls: members } } })
      const opening = { id: call.id, type: 'function', function: { name: call.name, arguments: '' } }
      return [
        event('tool-call-start', part(opening)),
        ...[call.arguments.slice(0, half), call.arguments.slice(half)].map((piece) => ({
          ...event('tool-call-delta', part({ function: { arguments: piece } })),
          isContent: true,
        })),
        { ...event('tool-call-end', { index }), toolCall: call },
      ]
    }),
  ]
}

function closingFrames(answer: Pick<Answer, 'id' | 'usage'>, delta: JsonObject): readonly Frame[] {
  const { id, usage } = answer
  const end = event('message-end', { id, delta: { ...delta, usage } })
  return [usage === undefined ? end : { ...end, usage, isFinalUsage: true }]
}

function event(type: string, members: JsonObject): Frame {
  return { event: type, data: { type, ...members } }
}
