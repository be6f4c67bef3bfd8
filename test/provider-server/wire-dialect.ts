import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from './json.ts'
import type { Answer } from './answer.ts'
import type { AnsweredToolCall, Billed, ProviderApi } from './provider-call.ts'
import type { ProviderRequest, RequestReading } from './provider-request.ts'
import type { StreamTransport } from './stream-transport.ts'
import type { TokenCounts } from './token-counts.ts'

/** One event of a stream, and what has reached the client once it is sent. */
export interface Frame {
  readonly event?: string | undefined
  readonly data: JsonObject | '[DONE]'
  /** Ends the stream with an error, where the transport tells errors from events. */
  readonly isException?: boolean | undefined
  /** Carries a piece of the answer: text, reasoning or tool arguments. */
  readonly isContent?: boolean | undefined
  readonly text?: string | undefined
  /** Complete with this frame. */
  readonly toolCall?: AnsweredToolCall | undefined
  readonly usage?: JsonObject | undefined
  readonly isFinalUsage?: boolean | undefined
}

/** An error in the middle of a stream. */
export interface StreamFailure {
  readonly message: string
  /** Whether the usual end, with usage, still follows. */
  readonly withFinish: boolean
  /** How many frames went before. */
  readonly framesSent: number
}

/** How one provider API reads and writes. Pure: it knows no socket and no scenario. */
export interface WireDialect {
  readonly api: ProviderApi
  read(body: JsonObject, path: string, headers: IncomingHttpHeaders): RequestReading
  /** Usage where a scenario names none; `undefined` where the wire has no usage at all. */
  defaultUsage(request: ProviderRequest): TokenCounts | undefined
  usage(counts: TokenCounts, answer: Pick<Answer, 'request' | 'serviceTier'>): JsonObject
  billed(usage: JsonObject, serviceTier: string | undefined): Billed
  /** The tier answered when `asked` was asked for. */
  serviceTier(asked: string | undefined): string | undefined
  responseId(answer: Answer): string | undefined
  responseModel(answer: Answer): string | undefined
  toolCallId(id: string): string | undefined
  /** How the wire carries tool arguments that may be no JSON; absent where it carries them as they are. */
  toolArguments?(text: string, request: ProviderRequest): string
  headers?(answer: Answer): Readonly<Record<string, string>>
  /** The answer to a request that does not stream. Bytes are sent as they are. */
  answer(answer: Answer): JsonObject | Uint8Array
  /** The answer to a request that streams; absent where the API has no streams. */
  readonly streaming?: {
    /** Default: server-sent events. */
    readonly transport?: StreamTransport
    frames(answer: Answer): readonly Frame[]
    failure(answer: Answer, failure: StreamFailure): readonly Frame[]
  }
  error(status: number, message: string): JsonObject
  errorHeaders?(status: number): Readonly<Record<string, string>>
}
