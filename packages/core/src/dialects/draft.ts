import type { CallKind } from '../call/call.ts'
import type { JsonObject } from '../json/json.ts'
import type { ContentSources, ParseJson } from '../content/content-memory.ts'
import type { ContentDraft } from '../content/content-policy.ts'
import type { Outcome } from './outcome.ts'
import type { TokenUsage } from '../call/token-usage.ts'
import type { Who } from '../call/who.ts'

/** What a reader of one dialect found out about a span; `toGenAI` writes it down in the vocabulary in the middle. */
export interface Draft {
  readonly kind: CallKind
  /** `gen_ai.operation.name`. */
  readonly operationName: string
  /** What the span name says after the operation: a model, a tool, an agent. */
  readonly subject: string | undefined
  /** Attributes that already have their final names. The writer owns and completes this object. */
  readonly attributes: Record<string, unknown>
  readonly usage: TokenUsage | undefined
  /** Read only when there is a policy that keeps some of it. Definitions of tools are parsed by `parse`, if it is given. */
  readonly content: (parse?: ParseJson) => ContentDraft
  /** What `content` reads, where that is all it reads and comes again on other spans of the run. */
  readonly contentSources?: ContentSources | undefined
  readonly outcome: Outcome
  readonly sdk: string | undefined
  readonly sdkVersion: string | undefined
  readonly rawProvider: string | undefined
  /** GenAI well-known provider name. */
  readonly provider: string | undefined
  readonly requestModel: string | undefined
  readonly responseModel: string | undefined
  /** The application's own name for what it does: AI SDK `functionId`, a foreign agent's name. */
  readonly functionId: string | undefined
  /** User, session, project from the SDK's metadata or runtime context. */
  readonly who: () => Who | undefined
  readonly request: JsonObject | undefined
  readonly responseMetadata: JsonObject | undefined
  /** USD, when whoever made the span put a price on it. */
  readonly reportedCostUsd?: number | undefined
}
