import type { Answer } from './answer.ts'
import type { JsonObject } from './json.ts'
import type { Frame, StreamFailure } from './wire-dialect.ts'

// Every event is padded, so that its length tells nobody what was said.
const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGH'

/** The events of one message, in the order in which Amazon Bedrock sends them. */
export function converseFrames(answer: Answer, stopReason: string): readonly Frame[] {
  return [
    event('messageStart', { role: 'assistant' }),
    ...blocksOf(answer).flatMap(blockFrames),
    ...closingFrames(answer, stopReason),
  ]
}

/** The exception; with a finish, the usual end follows all the same. */
export function converseFailure(answer: Answer, failure: StreamFailure, stopReason: string): readonly Frame[] {
  const exception: Frame = {
    event: 'modelStreamErrorException',
    isException: true,
    data: { message: failure.message, originalMessage: failure.message, originalStatusCode: 424 },
  }
  return failure.withFinish ? [exception, ...closingFrames(answer, stopReason)] : [exception]
}

interface Block {
  /** Only a tool use announces itself. */
  readonly opening?: JsonObject
  readonly deltas: readonly Frame['data'][]
  /** The pieces as text, where they are text. */
  readonly texts: readonly string[]
  readonly toolCall?: Frame['toolCall']
}

function blocksOf(answer: Answer): readonly Block[] {
  const { id, reasoning, text, toolCalls } = answer
  const thinking: Block = {
    deltas: [...reasoning.map((text) => ({ text })), { signature: `sig_${id}` }].map((reasoningContent) => ({
      reasoningContent,
    })),
    texts: [],
  }
  return [
    ...(reasoning.length === 0 ? [] : [thinking]),
    ...(text.length === 0 ? [] : [{ deltas: text.map((text) => ({ text })), texts: text }]),
    ...toolCalls.map((call): Block => {
      const half = Math.ceil(call.arguments.length / 2)
      const pieces = [call.arguments.slice(0, half), call.arguments.slice(half)]
      return {
        opening: { toolUse: { toolUseId: call.id, name: call.name } },
        deltas: pieces.map((input) => ({ toolUse: { input } })),
        texts: [],
        toolCall: call,
      }
    }),
  ]
}

function blockFrames(block: Block, contentBlockIndex: number): readonly Frame[] {
  const { opening, deltas, texts, toolCall } = block
  return [
    ...(opening === undefined ? [] : [event('contentBlockStart', { contentBlockIndex, start: opening })]),
    ...deltas.map((delta, place) => ({
      ...event('contentBlockDelta', { contentBlockIndex, delta }),
      isContent: true,
      text: texts[place],
    })),
    { ...event('contentBlockStop', { contentBlockIndex }), toolCall },
  ]
}

function closingFrames(answer: Answer, stopReason: string): readonly Frame[] {
  const { usage, serviceTier } = answer
  const tier = serviceTier === undefined ? undefined : { type: serviceTier }
  const metadata = event('metadata', { metrics: { latencyMs: 5 }, serviceTier: tier, usage })
  return [
    event('messageStop', { stopReason }),
    usage === undefined ? metadata : { ...metadata, usage, isFinalUsage: true },
  ]
}

function event(name: string, members: JsonObject): Frame {
  return {
    event: name,
    data: { ...members, p: PADDING.slice(0, 1 + (JSON.stringify(members).length % PADDING.length)) },
  }
}
