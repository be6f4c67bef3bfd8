import { createGuard } from './guard.ts'

/** OpenTelemetry's `Sampler`, as far as SDK 1, 2 and 3 agree. */
export interface SamplerLike {
  shouldSample(...parameters: never[]): { readonly decision: number }
  toString(): string
}

const NOT_RECORD = 0
const RECORD = 1

/**
 * Keeps sampling from losing costs: a span that the sampler would drop is recorded for the ledger but not marked as
 * sampled, so no exporter sends it. `GenAISpanProcessor` passes such spans to the ledger only.
 */
export function recordUnsampled<S extends SamplerLike>(sampler: S): S {
  const guard = createGuard()
  const shouldSample = (...parameters: never[]) => {
    let result: { readonly decision: number } = { decision: RECORD }
    // A sampler that throws would break the AI call.
    guard.run('the sampler', () => {
      const decided = sampler.shouldSample(...parameters)
      if (typeof decided.decision === 'number') result = decided
    })
    return result.decision === NOT_RECORD ? { ...result, decision: RECORD } : result
  }
  // OpenTelemetry calls nothing else that S may add: a sampler is its two methods.
  return { shouldSample, toString: () => `RecordUnsampled{${sampler.toString()}}` } as unknown as S
}
