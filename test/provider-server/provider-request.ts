import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from './json.ts'
import type { ProviderApi } from './provider-call.ts'

/** One entry of a conversation. `tool` is a tool result. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
}

/** A tool that the request offers, with the JSON schema of its arguments. */
export interface OfferedTool {
  readonly name: string
  readonly schema: JsonObject
}

/** Whether the model may, must not or must call a tool, or which one it must call. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string }

/** What a request asks for, read from the provider's own spelling. */
export interface RequestReading {
  readonly model: string
  readonly stream: boolean
  readonly turns: readonly Turn[]
  readonly tools: readonly OfferedTool[]
  readonly toolChoice: ToolChoice
  /** The JSON schema of the answer; that of any object when none was named; `undefined` when plain text was asked for. */
  readonly outputSchema: JsonObject | undefined
  /** The texts to embed. */
  readonly values: readonly string[]
  readonly serviceTier: string | undefined
}

/** One HTTP attempt, as matchers and handlers see it. */
export interface ProviderRequest extends RequestReading {
  readonly provider: string
  readonly api: ProviderApi
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: JsonObject
  /** The last user message; the texts of an embeddings, image or speech request. */
  readonly userText: string
  /** Rounds of tool results since the last user message. */
  readonly toolRounds: number
}

/** What a request without a conversation reads like. */
export const EMPTY_READING: RequestReading = {
  model: '',
  stream: false,
  turns: [],
  tools: [],
  toolChoice: 'auto',
  outputSchema: undefined,
  values: [],
  serviceTier: undefined,
}

/** The last thing the user said. */
export function userTextOf(reading: RequestReading): string {
  const spoken = reading.turns.findLast((turn) => turn.role === 'user')
  return spoken?.text ?? reading.values.join('\n')
}

/** How many rounds of tool results follow the last user message. Parallel results are one round. */
export function toolRoundsOf(turns: readonly Turn[]): number {
  const since = turns.slice(turns.findLastIndex((turn) => turn.role === 'user') + 1)
  return since.filter((turn, index) => turn.role === 'tool' && since[index - 1]?.role !== 'tool').length
}
