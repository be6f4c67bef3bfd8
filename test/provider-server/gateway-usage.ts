import type { Answer } from './answer.ts'
import { countOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { NOTHING_BILLED, type Billed } from './provider-call.ts'
import type { ProviderRequest } from './provider-request.ts'
import type { TokenCounts } from './token-counts.ts'

const COSTS = ['cost', 'marketCost'] as const

/** The version of the AI SDK's language model specification that a request speaks: 2 for AI SDK 5, 3 for 6, 4 for 7. */
export function specificationOf(request: Pick<ProviderRequest, 'headers'>): number {
  return Number(request.headers['ai-language-model-specification-version'] ?? 4)
}

/** Usage as the AI SDK of that version has it, with the costs that go out in the provider metadata. */
export function gatewayUsage(counts: TokenCounts, specification: number): JsonObject {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = counts
  const costs = gatewayCosts(counts.costUsd)
  // Version 2 has no place for what was written to a cache.
  if (specification <= 2)
    return {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + outputTokens,
      reasoningTokens: reasoningTokens ?? 0,
      cachedInputTokens: cacheReadTokens ?? 0,
      ...costs,
    }
  return {
    inputTokens: {
      total: inputTokens,
      noCache: inputTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0),
      cacheRead: cacheReadTokens ?? 0,
      cacheWrite: cacheWriteTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: outputTokens - (reasoningTokens ?? 0),
      reasoning: reasoningTokens ?? 0,
    },
    ...costs,
  }
}

/** Costs as the gateway writes them: decimal strings in USD. */
export function gatewayCosts(costUsd: number | undefined): JsonObject {
  const text = costUsd === undefined ? undefined : decimalOf(costUsd)
  return { cost: text, marketCost: text }
}

/** The usage object without the costs. */
export function wireUsageOf(answer: Answer): JsonObject {
  if (answer.usage === undefined)
    return specificationOf(answer.request) <= 2 ? {} : { inputTokens: {}, outputTokens: {} }
  return Object.fromEntries(Object.entries(answer.usage).filter(([name]) => !isCost(name)))
}

/** The costs without the usage. */
export function costsOf(usage: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([name]) => isCost(name)))
}

/** Reads both versions, and the cost back from its text. */
export function gatewayBilled(usage: JsonObject, serviceTier?: string): Billed {
  const input = objectOf(usage.inputTokens)
  const output = objectOf(usage.outputTokens)
  return {
    ...NOTHING_BILLED,
    inputTokens: countOf(input.total ?? usage.inputTokens),
    outputTokens: countOf(output.total ?? usage.outputTokens),
    cacheReadTokens: countOf(input.cacheRead ?? usage.cachedInputTokens),
    cacheWriteTokens: countOf(input.cacheWrite),
    reasoningTokens: countOf(output.reasoning ?? usage.reasoningTokens),
    serviceTier,
    costUsd: usdOf(usage.cost),
  }
}

/** The reason as that version spells it: a word, or that word beside the provider's own. */
export function finishReasonIn(answer: Pick<Answer, 'finishReason'>, specification: number): Json {
  const { finishReason } = answer
  return specification <= 2 ? finishReason : { unified: finishReason, raw: finishReason }
}

function isCost(name: string): boolean {
  return COSTS.some((cost) => cost === name)
}

function decimalOf(amount: number): string {
  return amount.toFixed(12).replace(/\.?0+$/, '')
}

function usdOf(cost: Json | undefined): number | undefined {
  const amount = typeof cost === 'number' ? cost : Number(stringOf(cost) ?? Number.NaN)
  return Number.isFinite(amount) ? amount : undefined
}
