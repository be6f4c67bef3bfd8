import type { Answer } from './answer.ts'
import { objectOf, type JsonObject } from './json.ts'
import type { Frame, StreamFailure } from './wire-dialect.ts'

/** The events of one message, in the order in which Anthropic sends them. */
export function anthropicFrames(
  answer: Answer,
  parts: { readonly message: JsonObject; readonly stopReason: string },
): readonly Frame[] {
  return [
    startFrame(answer, parts.message),
    eventFrame('ping', {}),
    ...blocksOf(answer).flatMap((block, index) => blockFrames(block, index)),
    ...closingFrames(answer, parts.stopReason),
  ]
}

/** The error event; with a finish, the usual end follows all the same. */
export function anthropicFailure(answer: Answer, failure: StreamFailure, stopReason: string): readonly Frame[] {
  const error = eventFrame('error', { error: { type: 'overloaded_error', message: failure.message } })
  return failure.withFinish ? [error, ...closingFrames(answer, stopReason)] : [error]
}

interface Block {
  readonly opening: JsonObject
  readonly deltas: readonly Frame['data'][]
  /** The pieces as text, where they are text. */
  readonly texts: readonly string[]
  readonly toolCall?: Frame['toolCall']
}

function blocksOf(answer: Answer): readonly Block[] {
  const { reasoning, text, toolCalls } = answer
  const thinking: Block = {
    opening: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...reasoning.map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: `sig_${answer.id}` },
    ],
    texts: [],
  }
  const words: Block = {
    opening: { type: 'text', text: '' },
    deltas: text.map((text) => ({ type: 'text_delta', text })),
    texts: text,
  }
  return [
    ...(reasoning.length === 0 ? [] : [thinking]),
    ...(text.length === 0 ? [] : [words]),
    ...toolCalls.map((call): Block => {
      const half = Math.ceil(call.arguments.length / 2)
      const pieces = ['', call.arguments.slice(0, half), call.arguments.slice(half)]
      return {
        opening: { type: 'tool_use', id: call.id, name: call.name, input: {} },
        deltas: pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
        texts: [],
        toolCall: call,
      }
    }),
  ]
}

function blockFrames(block: Block, index: number): readonly Frame[] {
  return [
    eventFrame('content_block_start', { index, content_block: block.opening }),
    ...block.deltas.map((delta, place) => ({
      ...eventFrame('content_block_delta', { index, delta: objectOf(delta) }),
      isContent: true,
      text: block.texts[place],
    })),
    { ...eventFrame('content_block_stop', { index }), toolCall: block.toolCall },
  ]
}

// The input is known at the start; the output only at the end.
function startFrame(answer: Answer, message: JsonObject): Frame {
  const usage =
    answer.usage === undefined ? undefined : { ...answer.usage, output_tokens: 1, output_tokens_details: undefined }
  const opening = { ...message, content: [], stop_reason: null, usage }
  return { ...eventFrame('message_start', { message: opening }), usage }
}

function closingFrames(answer: Answer, stopReason: string): readonly Frame[] {
  const { cache_creation: _, service_tier: __, ...usage } = answer.usage ?? {}
  const delta = { delta: { stop_reason: stopReason, stop_sequence: null }, usage: answer.usage && usage }
  const told = answer.usage && { usage, isFinalUsage: true }
  return [{ ...eventFrame('message_delta', delta), ...told }, eventFrame('message_stop', {})]
}

function eventFrame(type: string, members: JsonObject): Frame {
  return { event: type, data: { type, ...members } }
}
