import type { Range, Series, Timeseries } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useQuery } from '../api/use-query.ts'
import { nameSeries, sumOf } from '../charts/chart-data.ts'
import { previousPoints } from '../charts/previous-points.ts'
import { StackedChart } from '../charts/stacked-chart.tsx'
import { useChartLinks } from '../charts/use-chart-links.ts'
import { axisMoney, formatMoney } from '../format/money.ts'
import { axisCount, formatCompact } from '../format/numbers.ts'
import { Card } from '../parts/card.tsx'
import { Segments } from '../parts/choice.tsx'
import { FILTER_LABELS } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

type Metric = keyof NonNullable<Timeseries['series']>

type Points = readonly (number | null)[]

type CountMetric = Exclude<Metric, 'costNanoUsd'>

const COUNTS: readonly (readonly [CountMetric, string])[] = [
  ['totalTokens', 'Tokens'],
  ['calls', 'Calls'],
  ['errors', 'Errors'],
]

interface OverviewChartsProps {
  readonly timeseries: Timeseries
  readonly range: Range
  readonly group: string
  /** How many of the charts may be drawn so far. */
  readonly drawn: number
}

/** Cost and tokens side by side, in the same colours. */
export function OverviewCharts({ timeseries, range, group, drawn }: OverviewChartsProps): JSX.Element {
  const { tz, route, change } = useView()
  const links = useChartLinks(group)
  const count = COUNTS.find(([name]) => name === route.parameters.get('metric'))?.[0] ?? 'totalTokens'
  const by = (FILTER_LABELS[group] ?? group).toLowerCase()
  const { costs, counts } = useMemo(() => seriesOf(timeseries, count), [timeseries, count])
  const before = usePrevious(timeseries, range)
  const label = COUNTS.find(([name]) => name === count)?.[1] ?? ''
  const costsBefore = useMemo(() => before('costNanoUsd'), [before])
  const countsBefore = useMemo(() => before(count), [before, count])
  return (
    <div class="pair">
      <Card title="Cost over time" hint={`by ${by}`}>
        {drawn > 0 ? (
          <StackedChart
            title={`Cost over time by ${by}`}
            buckets={timeseries.buckets}
            series={costs}
            previous={costsBefore}
            format={formatMoney}
            formatAxis={axisMoney}
            tz={tz}
            {...links}
          />
        ) : (
          <ChartRoom />
        )}
      </Card>
      <Card
        title={`${label} over time`}
        hint={`by ${by}`}
        actions={
          <Segments
            name="Metric"
            value={count}
            options={COUNTS}
            onChange={(name) => change({ metric: name === 'totalTokens' ? null : name })}
          />
        }
      >
        {drawn > 1 ? (
          <StackedChart
            title={`${label} over time by ${by}`}
            buckets={timeseries.buckets}
            series={counts}
            previous={countsBefore}
            format={formatCompact}
            formatAxis={axisCount}
            tz={tz}
            {...links}
          />
        ) : (
          <ChartRoom />
        )}
      </Card>
    </div>
  )
}

function ChartRoom(): JSX.Element {
  return <div class="skeleton skeleton-chart" />
}

// Requested only when the reader compares; everything else of the page comes in one request.
function usePrevious({ bucket, buckets }: Timeseries, { from, to }: Range): (metric: Metric) => Points | undefined {
  const { route, query } = useView()
  const isWanted = route.parameters.get('compare') === 'previous' && from !== null && to !== null
  const asked = new URLSearchParams(query)
  if (isWanted) asked.set('from', String(Math.max(0, from - (to - from))))
  if (isWanted) asked.set('to', String(from))
  const { data } = useQuery<Timeseries>(isWanted ? `/api/ai-usage/timeseries?${asked}&bucket=${bucket}` : undefined)
  return useMemo(
    () => (metric) => {
      if (!isWanted || data === undefined) return undefined
      const points = data.totals.map((totals) => totals[metric])
      return previousPoints({ from, to }, buckets, { buckets: data.buckets, points })
    },
    [isWanted, data, buckets, from, to],
  )
}

// Without a grouping there is one series: the totals. Rows that no provider bills, such as those of tools, are no series.
function seriesOf(timeseries: Timeseries, count: CountMetric) {
  const { series, totals } = timeseries
  const only = (name: Metric): readonly Series[] => [{ key: 'All calls', points: totals.map((total) => total[name]) }]
  const billed = new Set(series?.calls.filter(({ points }) => (sumOf(points) ?? 0) > 0).map(({ key }) => key))
  const of = (name: Metric): readonly Series[] =>
    series?.[name].filter(({ key, isOther }) => isOther === true || billed.has(key)) ?? only(name)
  const costs = of('costNanoUsd')
  return { costs: nameSeries(costs), counts: nameSeries(of(count), costs) }
}
