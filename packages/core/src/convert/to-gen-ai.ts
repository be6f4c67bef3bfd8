import { ROOT_FALLBACK } from '../vocabulary/cost-flags.ts'
import { type Attributes, isObject } from '../json/attribute-values.ts'
import { CORE, GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import type { Call } from '../call/call.ts'
import { type CallKind, callKindOf, LEAF_KINDS } from '../call/call-words.ts'
import type { Json, JsonObject } from '../json/json.ts'
import type { ContentMemory } from '../content/content-memory.ts'
import type { ContentPolicy } from '../content/content-policy.ts'
import { convertedView } from '../span/converted-view.ts'
import { writeCost } from './cost-attributes.ts'
import { readSpan } from '../dialects/dialects.ts'
import type { Draft } from '../dialects/draft.ts'
import { harmlessSpan } from '../span/harmless-span.ts'
import type { PriceBook } from '../prices/price-book.ts'
import { set, setJson } from '../span/set-attribute.ts'
import { type SpanLike, toEpochMs } from '../span/span-like.ts'
import { toCall } from './to-call.ts'
import type { TraceFacts } from './trace-facts.ts'
import { CONVERTER_VERSION } from './version.ts'
import { combineAttribution, attributionOf } from '../call/attribution.ts'
import { eventsOf, statusOf, writeContent } from './write-content.ts'

/**
 * How spans are converted. Everything is optional: without a policy no content is kept, without prices there is no
 * cost.
 */
export interface ToGenAIOptions {
  /** What to keep of prompts and answers. Without a policy, nothing is kept. */
  readonly content?: ContentPolicy | undefined
  /**
   * Remembers the content of a run's last model call, so that its agent need not read it again. Use one memory per
   * policy.
   */
  readonly memory?: ContentMemory | undefined
  /** Prices of model calls. Without them the cost is unknown unless the provider reports it. */
  readonly prices?: PriceBook | undefined
  /** What the trace knows about this span. */
  readonly facts?: TraceFacts | undefined
  /** `compatible` writes `cache_creation`, which backends know; `latest` writes the newer `cache_write`. */
  readonly profile?: 'compatible' | 'latest' | undefined
}

type ConversionOptions = ToGenAIOptions & {
  /** The result is passed to `toCall` only: its content holds values that no other reader understands. */
  readonly isForCall?: boolean
}

const KIND_INTERNAL = 0
const KIND_CLIENT = 2

/**
 * Converts an AI span of any dialect to current GenAI conventions plus `spanledger.*`. The span is not modified: the
 * result is a view with its own name, kind, status and attributes. A span that is not an AI span or is already
 * converted is returned as is, so converting twice changes nothing.
 * Never throws because of what is on the span: an unreadable value counts as absent.
 */
export function toGenAI<S extends SpanLike>(span: S, options: ToGenAIOptions = {}): S {
  return convertSafely(span, options)
}

/**
 * The row of a span of any dialect, raw or converted. Equals `toCall(toGenAI(span, options))`, without serializing
 * content only to parse it again.
 */
export function toCallOfSpan(span: SpanLike, options: ToGenAIOptions = {}): Call | undefined {
  return toCall(convertSafely(span, { ...options, isForCall: true }))
}

function convertSafely<S extends SpanLike>(span: S, options: ConversionOptions): S {
  try {
    if (!Object.hasOwn(span.attributes, '__proto__')) return convert(span, options) ?? span
  } catch {
    // Something on the span throws when read.
  }
  const harmless = harmlessSpan(span)
  try {
    return convert(harmless, options) ?? span
  } catch {
    // The policy or the price book throws; both may be the application's own. Keep no content rather than all of it.
    return convert(harmless, { facts: options.facts }) ?? span
  }
}

function convert<S extends SpanLike>(span: S, options: ConversionOptions): S | undefined {
  if (isConverted(span.attributes)) return undefined
  const draft = readSpan(span)
  if (draft === undefined) return undefined
  const wrapped = options.facts?.isWrapper === true ? asWrapper(draft) : draft
  const attributes = attributesOf(span, wrapped, options)
  return convertedView(span, {
    name: wrapped.subject === undefined ? wrapped.operationName : `${wrapped.operationName} ${wrapped.subject}`,
    kind: isLeaf(wrapped.kind) || wrapped.kind === 'retrieval' ? KIND_CLIENT : KIND_INTERNAL,
    attributes,
    status: statusOf(span, wrapped, options.content),
    events: eventsOf(span, options.content),
  })
}

function isConverted(attributes: Attributes): boolean {
  return (
    typeof attributes[SPANLEDGER.converterVersion] === 'string' && callKindOf(attributes[SPANLEDGER.kind]) !== undefined
  )
}

function isLeaf(kind: CallKind): boolean {
  return LEAF_KINDS.has(kind)
}

// Of two nested spans of one kind, the outer one repeats the inner one.
function asWrapper(draft: Draft): Draft {
  return {
    ...draft,
    kind: 'run',
    operationName: 'invoke_workflow',
    subject: draft.functionId ?? draft.operationName,
    usage: undefined,
    attributes: { ...draft.attributes, [GEN_AI.workflowName]: draft.functionId ?? draft.operationName },
  }
}

function attributesOf(span: SpanLike, draft: Draft, options: ConversionOptions): Record<string, unknown> {
  const to = draft.attributes
  const billed = billedDraft(draft, options.facts)
  to[GEN_AI.operationName] = draft.operationName
  to[SPANLEDGER.kind] = draft.kind
  to[SPANLEDGER.billable] = isLeaf(billed.kind)
  to[SPANLEDGER.converterVersion] = CONVERTER_VERSION
  set(to, SPANLEDGER.sdk, draft.sdk)
  set(to, SPANLEDGER.sdkVersion, draft.sdkVersion)
  set(to, SPANLEDGER.rawProvider, draft.rawProvider)
  setJson(to, SPANLEDGER.request, draft.request)
  writeModel(to, billed)
  writeUsage(to, span, billed, options)
  if (billed !== draft) to[SPANLEDGER.costFlags] ??= [ROOT_FALLBACK]
  writeWho(to, span, draft, options)
  writeOutcome(to, draft, options.content)
  writeContent(to, draft, {
    policy: options.content,
    memory: options.memory,
    // Without facts the run is unknown; spans of one trace with equal content are nearly always of one run.
    runId: options.facts?.runId ?? span.spanContext().traceId,
    isForCall: options.isForCall === true,
  })
  if (options.facts !== undefined) {
    to[SPANLEDGER.runId] = options.facts.runId
    set(to, SPANLEDGER.parentId, options.facts.parentId)
    if (options.facts.toolTimeMs > 0) to[SPANLEDGER.toolTimeMs] = options.facts.toolTimeMs
  }
  return to
}

// A run without any recorded provider call is billed itself, so that its usage is not lost.
function billedDraft(draft: Draft, facts: TraceFacts | undefined): Draft {
  const { usage, outcome } = draft
  if (facts?.isLeafLost !== true || draft.kind !== 'run' || usage === undefined || usage.source === 'none') return draft
  if (outcome.status !== 'ok' && outcome.status !== 'error') return draft
  return { ...draft, kind: 'model', usage: { ...usage, flags: [...usage.flags, ROOT_FALLBACK] } }
}

// Backends take any span with provider and model for a model call, so agents and steps carry neither.
function writeModel(to: Record<string, unknown>, draft: Draft): void {
  if (isLeaf(draft.kind) || draft.kind === 'retrieval') {
    set(to, GEN_AI.providerName, draft.provider)
    set(to, GEN_AI.requestModel, draft.requestModel)
    set(to, GEN_AI.responseModel, draft.responseModel)
    return
  }
  delete to[GEN_AI.requestModel]
  if (draft.kind !== 'tool') set(to, SPANLEDGER.requestModel, draft.requestModel)
}

function writeUsage(to: Record<string, unknown>, span: SpanLike, draft: Draft, options: ToGenAIOptions): void {
  const usage = draft.usage
  if (usage === undefined) return
  set(to, GEN_AI.inputTokens, usage.inputTokens)
  if (draft.kind !== 'embedding') set(to, GEN_AI.outputTokens, usage.outputTokens)
  if (!isLeaf(draft.kind)) return
  to[SPANLEDGER.usageSource] = usage.source
  set(to, GEN_AI.cacheReadTokens, usage.cacheReadTokens)
  set(to, options.profile === 'latest' ? GEN_AI.cacheWriteTokens : GEN_AI.cacheCreationTokens, usage.cacheWriteTokens)
  set(to, GEN_AI.reasoningTokens, usage.reasoningTokens)
  set(to, SPANLEDGER.serviceTier, usage.serviceTier)
  setJson(to, SPANLEDGER.usageDetails, usage.details)
  setJson(to, SPANLEDGER.responseMetadata, responseMetadataOf(draft, options.content))
  writeCost(to, draft, usage, { prices: options.prices, atMs: toEpochMs(span.startTime) })
}

// Raw token counts are in `usage_details`. Other provider metadata can be long or quote the answer, so only small facts
// are kept unless everything is.
function responseMetadataOf(draft: Draft, policy: ContentPolicy | undefined): JsonObject | undefined {
  const metadata = draft.responseMetadata
  if (metadata === undefined) return undefined
  const kept: Record<string, Json> = {}
  for (const provider in metadata) {
    const part = metadata[provider]
    if (!isObject(part)) continue
    const facts: Record<string, Json> = {}
    for (const key in part) {
      const value = part[key]
      if (key === 'usage' || key === 'usageMetadata' || value === undefined || value === null) continue
      if (policy?.mode === 'full' || isSmallFact(value)) facts[key] = value
    }
    if (Object.keys(facts).length > 0) kept[provider] = facts
  }
  // Small facts fit without cutting.
  return policy?.mode === 'full' ? (policy.json(kept, MAX_METADATA) as JsonObject) : kept // an object stays an object
}

const MAX_METADATA = 16_384

function isSmallFact(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= 128)
}

function writeWho(to: Record<string, unknown>, span: SpanLike, draft: Draft, { facts, content }: ToGenAIOptions): void {
  const attribution = combineAttribution(
    combineAttribution(attributionOf(span.attributes), facts === undefined ? draft.attribution() : facts.sdkMetadata),
    facts?.inherited,
  )
  const functionId = draft.functionId ?? facts?.functionId
  set(to, GEN_AI.agentName, functionId)
  set(to, SPANLEDGER.operation, attribution.operation ?? functionId)
  set(to, SPANLEDGER.projectId, attribution.projectId)
  set(to, SPANLEDGER.companyId, attribution.companyId)
  set(to, SPANLEDGER.taskId, attribution.taskId)
  set(to, SPANLEDGER.requestId, attribution.requestId)
  set(to, CORE.userId, attribution.userId)
  set(to, CORE.sessionId, attribution.sessionId)
  set(to, GEN_AI.conversationId, attribution.sessionId)
  if (attribution.tags !== undefined) to[SPANLEDGER.tags] = [...attribution.tags]
  if (attribution.metadata !== undefined)
    setJson(to, SPANLEDGER.metadata, content?.json(attribution.metadata, MAX_METADATA) ?? attribution.metadata)
}

function writeOutcome(to: Record<string, unknown>, draft: Draft, content: ContentPolicy | undefined): void {
  const { status, errorType, httpStatus } = draft.outcome
  to[SPANLEDGER.status] = status
  set(to, CORE.errorType, errorType === undefined || content === undefined ? errorType : content.text(errorType))
  set(to, CORE.httpStatus, httpStatus)
}
