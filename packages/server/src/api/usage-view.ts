import type { TimeseriesGroup, UsageRow, UsageSummary, UsageTotals } from '@spanledger/store'
import { toUsd } from './schemas/number.ts'
import type { BucketTotals, Series, Totals, TotalsRow } from './schemas/totals.ts'

/** Returns the label of a value of a grouping. */
export type LabelOf = (key: string | null) => string | null

export function toTotals(summary: UsageSummary): Totals {
  return {
    ...toBucketTotals(summary),
    duration: summary.duration ?? null,
    timeToFirstToken: summary.timeToFirstToken ?? null,
  }
}

export function toBucketTotals(totals: UsageTotals): BucketTotals {
  return {
    calls: totals.calls,
    inputTokens: totals.inputTokens,
    outputTokens: totals.outputTokens,
    totalTokens: totals.totalTokens,
    cacheReadTokens: totals.cacheReadTokens,
    cacheWriteTokens: totals.cacheWriteTokens,
    reasoningTokens: totals.reasoningTokens,
    costNanoUsd: totals.costNanoUsd,
    costUsd: toUsd(totals.costNanoUsd),
    estimatedCalls: totals.estimatedCalls,
    unpricedCalls: totals.unpricedCalls,
    unknownUsageCalls: totals.unknownUsageCalls,
    errors: totals.errors,
    toolCalls: totals.toolCalls,
    toolErrors: totals.toolErrors,
    openCalls: totals.openCalls,
    averageDurationMs: totals.averageDurationMs,
    averageTimeToFirstTokenMs: totals.averageTimeToFirstTokenMs,
  }
}

export function toTotalsRow(row: UsageRow, labelOf: LabelOf): TotalsRow {
  return { ...toTotals(row), key: row.key, label: labelOf(row.key) }
}

/** Returns one line per value of a grouping; `pointOf` picks the number to draw. */
export function toSeries(
  groups: readonly TimeseriesGroup[],
  labelOf: LabelOf,
  pointOf: (totals: UsageTotals) => number | null,
): Series[] {
  return groups.map(({ key, isOther, totals }) => lineOf({ key, isOther, points: totals.map(pointOf) }, labelOf))
}

/** Returns a line of a chart with its label. */
export function lineOf(
  {
    key,
    isOther,
    points,
  }: { readonly key: string | null; readonly isOther?: true | undefined; readonly points: readonly (number | null)[] },
  labelOf: LabelOf,
): Series {
  const label = isOther === true ? 'other' : labelOf(key)
  return {
    key,
    ...(label === null ? {} : { label }),
    ...(isOther === true ? { isOther } : {}),
    points: [...points],
  }
}
