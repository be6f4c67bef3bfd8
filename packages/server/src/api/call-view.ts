import { callId, type CallContent, STORED_COLUMN_NAMES } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import { type CallContentView, type CallView, callView } from './schemas/call.ts'
import { toCamelCase } from './schemas/camel-case.ts'
import { toUsd } from './schemas/number.ts'

const FIELDS = STORED_COLUMN_NAMES.map((column) => ({ column, name: toCamelCase(column) }))

// Every field, in the order of the schema. Filling a copy of it is faster than adding fields one by one, which would
// make the object a hash table. What JSON.parse makes is not a hash table either.
const EMPTY_VIEW = JSON.parse(
  JSON.stringify(Object.fromEntries(Object.keys(callView.shape).map((name) => [name, null]))),
) as Readonly<Record<string, unknown>> // an object of nulls

/** Converts a call for the API, without its content. */
export function toCallView(call: StoredCall): CallView {
  const view: Record<string, unknown> = { ...EMPTY_VIEW }
  for (const { column, name } of FIELDS) {
    const value = call[column]
    if (value !== null) view[name] = value
  }
  return Object.assign(view, computedOf(call)) as CallView // columns by their names, and the other fields
}

// The fields that are not a column under another name.
function computedOf(call: StoredCall): Pick<CallView, 'id' | 'kind' | 'costUsd'> {
  return {
    id: callId(call),
    // Steps are folded into their run and never stored.
    kind: call.kind === 'step' ? 'run' : call.kind,
    costUsd: toUsd(call.cost_nano_usd),
  }
}

/** Converts the content of a call for the API. */
export function toContentView(content: CallContent): CallContentView {
  const hasMessages = content.input_messages !== null || content.output_messages !== null
  return {
    question: content.question,
    systemPrompt: content.system_prompt,
    messages: hasMessages ? { input: content.input_messages, output: content.output_messages } : null,
    answer: content.answer,
    toolDefinitions: content.tool_definitions,
    arguments: content.tool_arguments,
    result: content.tool_result,
    lengths: content.lengths,
  }
}
