import { openaiResponses } from './openai-responses.ts'
import { USUAL_COUNTS } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'
import { fromXaiTicks, toXaiTicks } from './xai-cost.ts'
import { xaiError } from './xai-error.ts'

/** `POST /responses` of xAI, which names the charge and tells no tier that nobody asked for. */
export const xaiResponses: WireDialect = {
  ...openaiResponses,
  defaultUsage: () => ({ ...USUAL_COUNTS, costUsd: 0.00042 }),
  usage: (counts, answer) => ({
    // Writing to the cache costs nothing here, so it is not counted.
    ...openaiResponses.usage({ ...counts, cacheWriteTokens: undefined }, answer),
    num_sources_used: 0,
    num_server_side_tools_used: 0,
    cost_in_usd_ticks: toXaiTicks(counts.costUsd),
  }),
  billed: (usage, serviceTier) => ({
    ...openaiResponses.billed(usage, serviceTier),
    costUsd: fromXaiTicks(usage.cost_in_usd_ticks),
  }),
  serviceTier: (asked) => asked,
  error: xaiError,
}
