import { DAY_MS } from '@spanledger/core/time'
import type { PruneOptions, PruneProgress } from './retention.ts'

/** Deletes the rows of one kind that are older than a time; yields its progress after each transaction. */
export type Pruning<What extends PruneProgress['what']> = (
  what: What,
  step: Omit<PruneStep, 'what'>,
) => AsyncIterable<PruneProgress>

/** One part of pruning. */
export interface PruneStep {
  readonly what: PruneProgress['what']
  /** Epoch milliseconds. */
  readonly before: number
  /** Only counts what would be deleted. */
  readonly dryRun: boolean
}

/** The steps of pruning, in order. Calls, events and rollups go by whole UTC days, because part of a day cannot be recomputed. */
export function pruneStepsOf({
  contentOlderThan,
  callsOlderThan,
  rollupsOlderThan,
  dryRun = false,
}: PruneOptions): readonly PruneStep[] {
  const times: readonly (readonly [PruneStep['what'], number | undefined])[] = [
    ['content', contentOlderThan],
    ['calls', startOfDay(callsOlderThan)],
    ['events', startOfDay(callsOlderThan)],
    ['rollups', startOfDay(rollupsOlderThan)],
  ]
  return times.flatMap(([what, before]) => (before === undefined ? [] : [{ what, before, dryRun }]))
}

function startOfDay(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(time / DAY_MS) * DAY_MS
}
