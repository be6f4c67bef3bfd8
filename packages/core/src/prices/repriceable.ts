import type { Call } from '../call/call.ts'
import type { CostSource } from '../call/call-words.ts'

/** The sources of costs that come from a price book, and so may change with one. */
export const PRICED_SOURCES: readonly CostSource[] = ['list', 'custom']

/**
 * Whether a price book may change the cost of a stored call: it is billable, and its cost comes from a price book or is
 * still unknown. A cost without a source was not computed here.
 */
export function isRepriceable({
  billable,
  cost_source: source,
  cost_nano_usd: cost,
}: Pick<Call, 'billable' | 'cost_source' | 'cost_nano_usd'>): boolean {
  return billable === 1 && (source === null ? cost === null : PRICED_SOURCES.includes(source))
}
