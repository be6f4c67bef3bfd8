import { createGuard } from './guard.ts'

/** OpenTelemetry's `Sampler`, as far as SDK 1, 2 and 3 agree on it. */
export interface SamplerLike {
  shouldSample(...parameters: never[]): { readonly decision: number }
  toString(): string
}

const NOT_RECORD = 0
const RECORD = 1

/**
 * Keeps sampling away from money: a span that the sampler would drop is recorded, so that the ledger sees it, but not
 * marked as sampled, so that no exporter sends it. `GenAISpanProcessor` shows such spans to the ledger only.
 */
export function recordUnsampled<S extends SamplerLike>(sampler: S): S {
  const guard = createGuard()
  const shouldSample = (...parameters: never[]) => {
    let result: { readonly decision: number } = { decision: RECORD }
    // A sampler that throws would take the AI call with it.
    guard.run('the sampler', () => {
      const decided = sampler.shouldSample(...parameters)
      if (typeof decided.decision === 'number') result = decided
    })
    return result.decision === NOT_RECORD ? { ...result, decision: RECORD } : result
  }
  // S adds nothing that OpenTelemetry calls: a sampler is its two methods.
  return { shouldSample, toString: () => `RecordUnsampled{${sampler.toString()}}` } as unknown as S
}
