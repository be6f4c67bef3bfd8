import type { Json } from './json.ts'

const TICKS_A_USD = 1e10

/** A charge as xAI writes it: in ticks, of which ten thousand million make a US dollar. */
export function toXaiTicks(costUsd: number | undefined): number | undefined {
  return costUsd === undefined ? undefined : Math.round(costUsd * TICKS_A_USD)
}

/** The charge in US dollars. */
export function fromXaiTicks(ticks: Json | undefined): number | undefined {
  return typeof ticks === 'number' ? ticks / TICKS_A_USD : undefined
}
