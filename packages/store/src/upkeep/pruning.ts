import { DAY_MS } from '@spanledger/core/time'
import type { PruneOptions, PruneProgress } from './retention.ts'

/** Deletes the rows of one thing that are older than a time; yields its progress after each transaction. */
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

/** What is to be deleted, in order. Calls, events and rollups by whole days in UTC: part of a day cannot be added up again. */
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
