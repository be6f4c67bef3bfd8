import type { CallKind } from '../call/call-words.ts'
import type { JsonObject } from '../json/json.ts'
import type { ContentSources, ParseJson } from '../content/content-memory.ts'
import type { ContentDraft } from '../content/content-policy.ts'
import type { Outcome } from './outcome.ts'
import type { TokenUsage } from '../call/token-usage.ts'
import type { Attribution } from '../call/attribution.ts'

/** What a dialect's reader found on a span. `toGenAI` writes it in GenAI conventions. */
export interface Draft {
  readonly kind: CallKind
  /** `gen_ai.operation.name`. */
  readonly operationName: string
  /** What follows the operation in the span name: a model, a tool, an agent. */
  readonly subject: string | undefined
  /** Attributes that already have their final names. The writer owns this object and completes it. */
  readonly attributes: Record<string, unknown>
  readonly usage: TokenUsage | undefined
  /** Read only if the policy keeps content. `parse` parses tool definitions, if given. */
  readonly content: (parse?: ParseJson) => ContentDraft
  /** The sources of `content`, if they are all it reads and recur on other spans of the run. */
  readonly contentSources?: ContentSources | undefined
  readonly outcome: Outcome
  readonly sdk: string | undefined
  readonly sdkVersion: string | undefined
  readonly rawProvider: string | undefined
  /** The well-known GenAI name of the provider. */
  readonly provider: string | undefined
  readonly requestModel: string | undefined
  readonly responseModel: string | undefined
  /** The application's own name for the work: AI SDK `functionId`, or a foreign agent's name. */
  readonly functionId: string | undefined
  /** User, session and project from the SDK's metadata or runtime context. */
  readonly attribution: () => Attribution | undefined
  readonly request: JsonObject | undefined
  readonly responseMetadata: JsonObject | undefined
  /** USD, if the instrumentation reported a cost. */
  readonly reportedCostUsd?: number | undefined
}
