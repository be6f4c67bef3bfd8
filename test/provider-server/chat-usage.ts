import { countOf, objectOf, type JsonObject } from './json.ts'
import type { Billed } from './provider-call.ts'
import { sumOf, type TokenCounts } from './token-counts.ts'
import { fromXaiTicks, toXaiTicks } from './xai-cost.ts'

/** Cache inside the prompt, reasoning inside the completion. */
export function openaiUsage(counts: TokenCounts): JsonObject {
  return {
    prompt_tokens: counts.inputTokens,
    completion_tokens: counts.outputTokens,
    total_tokens: counts.inputTokens + counts.outputTokens,
    prompt_tokens_details: {
      cached_tokens: counts.cacheReadTokens ?? 0,
      cache_write_tokens: counts.cacheWriteTokens,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: counts.reasoningTokens ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

/** The same, from those who charge nothing for writing to a cache and so do not count it. */
export function compatibleUsage(counts: TokenCounts): JsonObject {
  return openaiUsage({ ...counts, cacheWriteTokens: undefined })
}

/** Reads what `openaiUsage` writes, and what the others write in the same place. */
export function openaiBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const input = objectOf(usage.prompt_tokens_details)
  const output = objectOf(usage.completion_tokens_details)
  return {
    inputTokens: countOf(usage.prompt_tokens),
    outputTokens: countOf(usage.completion_tokens),
    cacheReadTokens: countOf(input.cached_tokens),
    cacheWriteTokens: countOf(input.cache_write_tokens),
    cacheWrite1hTokens: undefined,
    reasoningTokens: countOf(output.reasoning_tokens),
    serviceTier,
    costUsd: typeof usage.cost === 'number' ? usage.cost : undefined,
  }
}

/** Mistral says nothing of reasoning. */
export function mistralUsage(counts: TokenCounts): JsonObject {
  return {
    prompt_tokens: counts.inputTokens,
    completion_tokens: counts.outputTokens,
    total_tokens: counts.inputTokens + counts.outputTokens,
    num_cached_tokens: counts.cacheReadTokens ?? 0,
    prompt_tokens_details: { cached_tokens: counts.cacheReadTokens ?? 0 },
  }
}

/** DeepSeek splits the prompt into cache hits and misses. */
export function deepseekUsage(counts: TokenCounts): JsonObject {
  const hit = counts.cacheReadTokens ?? 0
  return {
    prompt_tokens: counts.inputTokens,
    completion_tokens: counts.outputTokens,
    total_tokens: counts.inputTokens + counts.outputTokens,
    prompt_tokens_details: { cached_tokens: hit },
    completion_tokens_details: { reasoning_tokens: counts.reasoningTokens ?? 0 },
    prompt_cache_hit_tokens: hit,
    prompt_cache_miss_tokens: counts.inputTokens - hit,
  }
}

/** xAI counts reasoning beside the completion, not inside it, and names the charge. */
export function xaiUsage(counts: TokenCounts): JsonObject {
  const reasoning = counts.reasoningTokens ?? 0
  return {
    ...openaiUsage(counts),
    completion_tokens: counts.outputTokens - reasoning,
    prompt_tokens_details: {
      text_tokens: counts.inputTokens,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: counts.cacheReadTokens ?? 0,
    },
    num_sources_used: 0,
    cost_in_usd_ticks: toXaiTicks(counts.costUsd),
  }
}

/** Puts the reasoning back into the output. */
export function xaiBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const billed = openaiBilled(usage, serviceTier)
  return {
    ...billed,
    outputTokens: sumOf(billed.outputTokens, billed.reasoningTokens ?? 0),
    costUsd: fromXaiTicks(usage.cost_in_usd_ticks),
  }
}

/** OpenRouter names the charge in USD. */
export function openrouterUsage(counts: TokenCounts): JsonObject {
  return {
    ...openaiUsage(counts),
    cost: counts.costUsd,
    is_byok: false,
    cost_details: { upstream_inference_cost: null },
  }
}
