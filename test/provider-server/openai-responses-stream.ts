import type { Answer } from './answer.ts'
import type { JsonObject } from './json.ts'
import type { Frame, StreamFailure } from './wire-dialect.ts'

/** An event without its sequence number. */
type Step = Omit<Frame, 'event' | 'data'> & { readonly type: string; readonly members: JsonObject }

/** The finished items, and how the response around them looks before and after. */
interface ResponseParts {
  readonly items: readonly JsonObject[]
  open(answer: Answer): JsonObject
  finish(answer: Answer, items: readonly JsonObject[]): JsonObject
}

/** What a response that failed has to show. */
interface FailedParts {
  readonly open: JsonObject
  readonly usage: JsonObject | undefined
}

/** The events of one response, in the order in which OpenAI sends them. */
export function responsesFrames(answer: Answer, parts: ResponseParts): readonly Frame[] {
  const open = parts.open(answer)
  const response = parts.finish(answer, parts.items)
  const steps: readonly Step[] = [
    { type: 'response.created', members: { response: open } },
    { type: 'response.in_progress', members: { response: open } },
    ...parts.items.flatMap((item, index) => itemSteps(answer, item, index)),
    {
      type: response.status === 'completed' ? 'response.completed' : 'response.incomplete',
      members: { response },
      usage: answer.usage,
      isFinalUsage: true,
    },
  ]
  return steps.map((step, index) => frameOf(step, index))
}

/** The error event; with a finish, the failed response follows and carries the usage. */
export function responsesFailure(failure: StreamFailure, parts: FailedParts): readonly Frame[] {
  const { framesSent, message } = failure
  const code = 'server_error'
  // OpenAI documents the flat members and sends the nested ones; each SDK major reads only one of the two.
  const reason = { code, message, param: null }
  const error = frameOf({ type: 'error', members: { ...reason, error: { type: code, ...reason } } }, framesSent)
  if (!failure.withFinish) return [error]
  const { open, usage } = parts
  const response = { ...open, status: 'failed', error: { code, message }, usage }
  const failed: Step = { type: 'response.failed', members: { response }, usage, isFinalUsage: true }
  return [error, frameOf(failed, framesSent + 1)]
}

function itemSteps(answer: Answer, item: JsonObject, index: number): readonly Step[] {
  const added = (open: JsonObject): Step => ({
    type: 'response.output_item.added',
    members: { output_index: index, item: { ...item, ...open } },
  })
  const done: Step = { type: 'response.output_item.done', members: { output_index: index, item } }
  const place = { item_id: item.id, output_index: index }
  switch (item.type) {
    case 'reasoning':
      return [added({ status: 'in_progress', summary: [] }), ...reasoningSteps(answer, place), done]
    case 'message':
      return [added({ status: 'in_progress', content: [] }), ...textSteps(answer, place), done]
    default: {
      const call = answer.toolCalls.find((call) => call.id === item.call_id)
      const opening = added({ status: 'in_progress', arguments: '' })
      return [opening, ...argumentSteps(call?.arguments ?? '', place), { ...done, toolCall: call }]
    }
  }
}

function reasoningSteps(answer: Answer, item: JsonObject): readonly Step[] {
  const place = { ...item, summary_index: 0 }
  const text = answer.reasoning.join('')
  const part = { type: 'summary_text', text }
  return [
    { type: 'response.reasoning_summary_part.added', members: { ...place, part: { ...part, text: '' } } },
    ...answer.reasoning.map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      members: { ...place, delta },
      isContent: true,
    })),
    { type: 'response.reasoning_summary_text.done', members: { ...place, text } },
    { type: 'response.reasoning_summary_part.done', members: { ...place, part } },
  ]
}

function textSteps(answer: Answer, item: JsonObject): readonly Step[] {
  const place = { ...item, content_index: 0 }
  const text = answer.text.join('')
  const part = { type: 'output_text', text, annotations: [], logprobs: [] }
  return [
    { type: 'response.content_part.added', members: { ...place, part: { ...part, text: '' } } },
    ...answer.text.map((delta) => ({
      type: 'response.output_text.delta',
      members: { ...place, delta, logprobs: [] },
      isContent: true,
      text: delta,
    })),
    { type: 'response.output_text.done', members: { ...place, text, logprobs: [] } },
    { type: 'response.content_part.done', members: { ...place, part } },
  ]
}

function argumentSteps(text: string, place: JsonObject): readonly Step[] {
  const half = Math.ceil(text.length / 2)
  return [
    ...[text.slice(0, half), text.slice(half)].map((delta) => ({
      type: 'response.function_call_arguments.delta',
      members: { ...place, delta },
      isContent: true,
    })),
    { type: 'response.function_call_arguments.done', members: { ...place, arguments: text } },
  ]
}

function frameOf(step: Step, sequenceNumber: number): Frame {
  const { type, members, ...more } = step
  return { ...more, event: type, data: { type, sequence_number: sequenceNumber, ...members } }
}
