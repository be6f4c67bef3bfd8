import type { ProviderCall } from '../provider-server/index.ts'
import type { ProviderName } from './providers.ts'
import { REASONS_OF_4 } from './reasons/ai-4.ts'
import { REASONS_OF_5 } from './reasons/ai-5.ts'
import { REASONS_OF_6 } from './reasons/ai-6.ts'
import { REASONS_OF_7 } from './reasons/ai-7.ts'
import { REASONS_OF_MANY } from './reasons/every-major.ts'
import type { Variant } from './variants.ts'
import type { Field } from './wire-truth.ts'

/** What is asked of a provider, as far as spans tell it apart. */
export type Mode = 'generate' | 'stream' | 'object' | 'stream object' | 'embed' | 'rerank' | 'other'

/** Where a number is looked for. */
export interface Place {
  readonly variant: Variant
  readonly provider: ProviderName
  readonly scenario: string
  readonly mode: Mode
}

/** Why a number that was on the wire cannot be on the row: the span does not have it. What is left out means all. */
export interface Reason {
  /** What `CONFORMANCE.md` calls it. */
  readonly why: string
  readonly variants?: readonly Variant[]
  readonly providers?: readonly ProviderName[]
  readonly modes?: readonly Mode[]
  readonly scenarios?: RegExp
  /** These are NULL on the row wherever the wire has a value. */
  readonly fields?: readonly Field[]
  /** Holds for every row without an end, whatever had been billed when the test looked; no other reason does then. */
  readonly always?: boolean
  /** Only where the wire says 0. */
  readonly onlyZero?: boolean
  /** Only of these attempts. */
  readonly when?: (call: ProviderCall) => boolean
  /** The cost may be an estimate; it says so with the first of these flags, the others may be beside it. */
  readonly flags?: readonly string[]
  /** What stands on the row instead of NULL. */
  readonly instead?: Readonly<Partial<Record<Field, (call: ProviderCall) => unknown>>>
}

/**
 * Every number that no reader of the span could know, and why. A number that has no entry here must be on the row, and
 * one that has an entry must not: when a new version of an SDK tells more, its test asks for the entry to be removed.
 */
export const REASONS: readonly Reason[] = [
  ...REASONS_OF_MANY,
  ...REASONS_OF_4,
  ...REASONS_OF_5,
  ...REASONS_OF_6,
  ...REASONS_OF_7,
]

/** The reasons that hold for a place. */
export function reasonsFor(place: Place): readonly Reason[] {
  return REASONS.filter(
    ({ variants, providers, modes, scenarios }) =>
      (variants?.includes(place.variant) ?? true) &&
      (providers?.includes(place.provider) ?? true) &&
      (modes?.includes(place.mode) ?? true) &&
      (scenarios?.test(place.scenario) ?? true),
  )
}
