import type { Timeseries, Totals } from '@spanledger/server/api'
import type { ComponentChildren, JSX } from 'preact'
import { Sparkline } from '../charts/sparkline.tsx'
import { exactMoney, formatMoney } from '../format/money.ts'
import { formatCompact, formatCount, formatDuration, formatShare, shareOf } from '../format/numbers.ts'
import { useView } from '../view/view.tsx'
import { costNote } from '../parts/cost.tsx'

interface OverviewTotalsProps {
  readonly totals: Totals
  readonly previous: Totals | null
  readonly timeseries: Timeseries
}

interface Tile {
  readonly label: string
  readonly value: ComponentChildren
  readonly exact: string
  readonly note: ComponentChildren
  readonly now: number | null
  readonly before: number | null
  readonly beforeText: string
  /** A share, whose change is in percentage points. */
  readonly isShare?: boolean
  readonly points: readonly (number | null)[]
}

/** The totals of the range, each compared with the previous period. */
export function OverviewTotals(props: OverviewTotalsProps): JSX.Element {
  const { range } = useView()
  return (
    <div>
      <ul class="tiles is-eight" aria-label="Totals">
        {[...usageTiles(props), ...qualityTiles(props)].map((tile) => (
          <li class={tile.label === 'Cost' ? 'tile is-wide' : 'tile'} key={tile.label}>
            <span class="tile-label">{tile.label}</span>
            <Change {...tile} period={range.before} />
            <span class="tile-value" title={tile.exact}>
              {tile.value}
            </span>
            <span class="tile-note">{tile.note}</span>
            <Sparkline points={tile.points} />
          </li>
        ))}
      </ul>
      {props.previous !== null && (
        <p class="muted tiles-note">
          <span aria-hidden="true">▲ </span>more, <span aria-hidden="true">▼ </span>less than {range.before}
        </p>
      )}
    </div>
  )
}

function usageTiles({ totals, previous, timeseries }: OverviewTotalsProps): readonly Tile[] {
  const cost = costNote(totals)
  return [
    {
      label: 'Cost',
      value: `${totals.estimatedCalls > 0 ? '≈ ' : ''}${formatMoney(totals.costNanoUsd)}`,
      exact: exactMoney(totals.costNanoUsd),
      note: totals.calls === 0 ? 'no priced calls' : cost === '' ? 'all calls priced exactly' : cost,
      now: totals.costNanoUsd,
      before: previous?.costNanoUsd ?? null,
      beforeText: formatMoney(previous?.costNanoUsd),
      points: timeseries.totals.map(({ costNanoUsd }) => costNanoUsd),
    },
    {
      label: 'Calls',
      value: formatCompact(totals.calls),
      exact: formatCount(totals.calls),
      note: totals.openCalls === undefined ? 'billed by a provider' : `${formatCount(totals.openCalls)} open`,
      now: totals.calls,
      before: previous?.calls ?? null,
      beforeText: formatCount(previous?.calls),
      points: timeseries.totals.map(({ calls }) => calls),
    },
    {
      label: 'Tokens',
      value: formatCompact(totals.totalTokens),
      exact: formatCount(totals.totalTokens),
      note: `${formatCompact(totals.inputTokens)} in · ${formatCompact(totals.outputTokens)} out`,
      now: totals.totalTokens,
      before: previous?.totalTokens ?? null,
      beforeText: formatCompact(previous?.totalTokens),
      points: timeseries.totals.map(({ totalTokens }) => totalTokens),
    },
    {
      label: 'Tool calls',
      value: formatCompact(totals.toolCalls),
      exact: formatCount(totals.toolCalls),
      note: totals.toolErrors === 0 ? 'none failed' : `${formatCount(totals.toolErrors)} failed`,
      now: totals.toolCalls,
      before: previous?.toolCalls ?? null,
      beforeText: formatCount(previous?.toolCalls),
      points: timeseries.totals.map(({ toolCalls }) => toolCalls),
    },
  ]
}

function qualityTiles({ totals, previous, timeseries }: OverviewTotalsProps): readonly Tile[] {
  const errorRate = shareOf(totals.errors, totals.calls)
  const errorRateBefore = previous === null ? null : shareOf(previous.errors, previous.calls)
  return [
    {
      label: 'Error rate',
      value: formatShare(errorRate),
      exact: `${formatCount(totals.errors)} of ${formatCount(totals.calls)} calls`,
      note: `${formatCount(totals.errors)} of ${formatCompact(totals.calls)} calls`,
      now: errorRate,
      before: errorRateBefore,
      beforeText: formatShare(errorRateBefore),
      isShare: true,
      points: timeseries.totals.map(({ errors, calls }) => shareOf(errors, calls)),
    },
    {
      label: 'Latency p50',
      value: formatDuration(totals.duration?.p50Ms),
      exact: `p90 ${formatDuration(totals.duration?.p90Ms)}, p99 ${formatDuration(totals.duration?.p99Ms)}`,
      note: `p95 ${formatDuration(totals.duration?.p95Ms)}`,
      now: totals.duration?.p50Ms ?? null,
      before: previous?.duration?.p50Ms ?? null,
      beforeText: formatDuration(previous?.duration?.p50Ms),
      points: timeseries.totals.map(({ averageDurationMs }) => averageDurationMs),
    },
    {
      label: 'First token p50',
      value: formatDuration(totals.timeToFirstToken?.p50Ms),
      exact: `p90 ${formatDuration(totals.timeToFirstToken?.p90Ms)}, p99 ${formatDuration(totals.timeToFirstToken?.p99Ms)}`,
      note: `p95 ${formatDuration(totals.timeToFirstToken?.p95Ms)}`,
      now: totals.timeToFirstToken?.p50Ms ?? null,
      before: previous?.timeToFirstToken?.p50Ms ?? null,
      beforeText: formatDuration(previous?.timeToFirstToken?.p50Ms),
      points: timeseries.totals.map(({ averageTimeToFirstTokenMs }) => averageTimeToFirstTokenMs),
    },
  ]
}

interface ChangeProps extends Pick<Tile, 'now' | 'before' | 'beforeText' | 'isShare'> {
  readonly period: string
}

function Change({ now, before, beforeText, isShare = false, period }: ChangeProps): JSX.Element {
  if (now === null || before === null)
    return (
      <span class="change muted" title="No previous data">
        –
      </span>
    )
  if (isShare) return <PointChange points={(now - before) * 100} beforeText={beforeText} period={period} />
  const change = before === 0 ? (now === 0 ? 0 : Number.POSITIVE_INFINITY) : now / before - 1
  const arrow = Math.abs(change) < 0.005 ? '=' : change > 0 ? '▲' : '▼'
  const size = change === Number.POSITIVE_INFINITY ? 'new' : sizeOf(Math.abs(change))
  const words = change > 0 ? 'more than' : change < 0 ? 'less than' : 'same as'
  return (
    <span class="change" title={`${beforeText} in ${period}`}>
      <span aria-hidden="true">{arrow} </span>
      {size}
      <span class="sr-only">
        {' '}
        {words} {beforeText} in {period}
      </span>
    </span>
  )
}

interface PointChangeProps {
  readonly points: number
  readonly beforeText: string
  readonly period: string
}

// Of a share, `4%` could mean percent of the share, or percentage points.
function PointChange({ points, beforeText, period }: PointChangeProps): JSX.Element {
  const isSame = Math.abs(points) < 0.05
  return (
    <span class="change" title={`${beforeText} in ${period}`}>
      <span aria-hidden="true">{isSame ? '= ' : points > 0 ? '▲ ' : '▼ '}</span>
      {isSame ? '0' : Math.abs(points).toFixed(1)} points
      <span class="sr-only">
        {' '}
        {isSame ? 'different from' : points > 0 ? 'more than' : 'less than'} {beforeText} in {period}
      </span>
    </span>
  )
}

// As many digits as a glance takes in.
function sizeOf(change: number): string {
  if (change >= 9) return `×${Math.round(change + 1)}`
  return `${(change * 100).toFixed(change < 0.0995 ? 1 : 0)}%`
}
