import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from './json.ts'

/** The HTTP interfaces that the server speaks. `unknown` is a path it does not know. */
export type ProviderApi =
  | 'chat'
  | 'responses'
  | 'messages'
  | 'generateContent'
  | 'converse'
  | 'language-model'
  | 'embeddings'
  | 'rerank'
  | 'images'
  | 'speech'
  | 'transcriptions'
  | 'unknown'

/** What a usage object means, in one vocabulary. `undefined` where the wire does not say. */
export interface BilledTokens {
  /** Cached tokens included. */
  readonly inputTokens: number | undefined
  /** Reasoning tokens included. */
  readonly outputTokens: number | undefined
  readonly cacheReadTokens: number | undefined
  /** The 1 h writes included. */
  readonly cacheWriteTokens: number | undefined
  readonly cacheWrite1hTokens: number | undefined
  readonly reasoningTokens: number | undefined
}

/** What the provider bills for one attempt. */
export interface Billed extends BilledTokens {
  readonly serviceTier: string | undefined
  /** The charge that the answer itself names (OpenRouter, xAI, Vercel AI Gateway). */
  readonly costUsd: number | undefined
  /** Rerank is billed by the search, not by the token. */
  readonly searchUnits?: number | undefined
}

/** A bill on which nothing stands. */
export const NOTHING_BILLED: Billed = {
  inputTokens: undefined,
  outputTokens: undefined,
  cacheReadTokens: undefined,
  cacheWriteTokens: undefined,
  cacheWrite1hTokens: undefined,
  reasoningTokens: undefined,
  serviceTier: undefined,
  costUsd: undefined,
}

/** A tool call that was sent whole. Google gives its calls no id. */
export interface AnsweredToolCall {
  readonly id: string | undefined
  readonly name: string
  /** As it stood on the wire; not always valid JSON. */
  readonly arguments: string
}

/** One HTTP attempt, as it went over the wire. Open attempts are listed too, without an end. */
export interface ProviderCall {
  readonly provider: string
  readonly api: ProviderApi
  readonly path: string
  readonly requestModel: string
  readonly responseModel: string | undefined
  readonly responseId: string | undefined
  readonly stream: boolean
  /** `undefined` when the socket ended before a status was sent. */
  readonly status: number | undefined
  /**
   * Exactly what was sent of it; several objects of a stream are laid over each other, as the provider means them.
   * What stands in a header or beside the usage object (Bedrock, Vercel AI Gateway) is listed with it.
   */
  readonly usage: JsonObject | undefined
  /** Only when the final usage was sent. */
  readonly billed: Billed | undefined
  readonly text: string
  readonly toolCalls: readonly AnsweredToolCall[]
  /** False while open, when the client went away, and when the answer broke off. An HTTP error is a complete answer. */
  readonly completed: boolean
  readonly requestHeaders: IncomingHttpHeaders
  readonly requestBody: JsonObject
  readonly startedAt: number
  readonly endedAt: number | undefined
}
