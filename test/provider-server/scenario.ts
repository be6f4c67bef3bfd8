import type { Json, JsonObject } from './json.ts'

/** What the server answers to one HTTP attempt. Behaviours combine; what is absent takes its default. */
export interface Scenario {
  /** The answer. A list is streamed piece by piece as it stands. Default: one fixed sentence. */
  readonly text?: string | readonly string[] | undefined
  /** Reasoning text, where the wire has a place for it. Default: none. */
  readonly reasoning?: string | undefined
  /**
   * The tools to call, all in one round, when tools are offered and `toolRounds` rounds are not yet done since the
   * last user message. Default: the first tool offered; `[]` answers at once.
   */
  readonly toolCalls?: readonly ScriptedToolCall[] | undefined
  /** How many rounds of tool calls come before the answer. Default 1. */
  readonly toolRounds?: number | undefined
  /** The structured answer. Default: a value that fits the schema asked for. */
  readonly object?: Json | undefined
  /** Spoils the structured answer: text that is no JSON, or JSON that does not fit. */
  readonly objectFault?: 'invalid-json' | 'wrong-shape' | undefined
  /** Default: what `README.md` lists for the API. `none` leaves usage out. */
  readonly usage?: ScriptedUsage | 'none' | undefined
  /** The tier that the answer names. Default: the tier asked for, else the provider's ordinary one. */
  readonly serviceTier?: string | undefined
  /** The model id that the answer names. Default: the dated id of the model asked for. */
  readonly model?: string | undefined
  /** `stop`, `length`, `content-filter` or `tool-calls` are spelled as the provider does; other words go out as given. */
  readonly finishReason?: string | undefined
  /** Answers with this HTTP error instead. */
  readonly error?: ScriptedError | undefined
  /** Time before anything is sent. Default 0. */
  readonly delayMs?: number | undefined
  /** Time before each piece of a stream. Default 0. */
  readonly chunkDelayMs?: number | undefined
  /** How the answer goes wrong after its first pieces. Default: it does not. */
  readonly ending?: Ending | undefined
}

/** A tool call as the model would make it. */
export interface ScriptedToolCall {
  /** Default: the tool that is forced, else the offered one at the same place. A name nobody offered is an unknown tool. */
  readonly name?: string | undefined
  /** A string goes out as it stands, valid JSON or not. Default: arguments that fit the tool's schema. */
  readonly arguments?: Json | undefined
  readonly id?: string | undefined
}

/**
 * Token counts in one vocabulary, whatever the provider calls them; each wire spells them its own way.
 * What is not named keeps its default, except that naming `inputTokens` or `outputTokens` without their parts
 * (cache, reasoning) means that there are none.
 */
export interface ScriptedUsage {
  /** Cached tokens included. */
  readonly inputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  /** The 1 h writes included. */
  readonly cacheWriteTokens?: number | undefined
  readonly cacheWrite1hTokens?: number | undefined
  /** Reasoning tokens included. */
  readonly outputTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  /** What the answer says was charged, where it says so. */
  readonly costUsd?: number | undefined
  /** What a rerank is billed. */
  readonly searchUnits?: number | undefined
  /** Laid over the usage object as it goes out: for numbers no provider should send. `undefined` removes a member. */
  readonly wire?: JsonObject | undefined
}

/** An HTTP error. */
export interface ScriptedError {
  readonly status: number
  readonly message?: string | undefined
  /** The `retry-after-ms` header; `false` sends none. Default 0 where a client may retry. */
  readonly retryAfterMs?: number | false | undefined
  /** How often the same request is refused before it is answered. Default: always. */
  readonly times?: number | undefined
}

/**
 * An answer that does not arrive whole. `stall` never goes on; `break` destroys the socket; `error` sends the wire's
 * error event and ends the stream there; `error-then-finish` sends it and then the usual end with usage.
 * The two error endings only touch streams.
 */
export interface Ending {
  readonly kind: 'stall' | 'break' | 'error' | 'error-then-finish'
  /** Pieces of content sent before it happens. Default 2; with 0, `stall` and `break` send no status either. */
  readonly after?: number | undefined
  readonly message?: string | undefined
}
