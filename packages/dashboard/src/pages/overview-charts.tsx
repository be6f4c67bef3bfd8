import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Metric, Series, Timeseries } from '../api/contract.ts'
import { nameSeries, sumOf } from '../charts/chart-data.ts'
import { StackedChart } from '../charts/stacked-chart.tsx'
import { useChartLinks } from '../charts/use-chart-links.ts'
import { axisMoney, formatMoney } from '../format/money.ts'
import { axisCount, formatCompact } from '../format/numbers.ts'
import { Card } from '../parts/card.tsx'
import { Segments } from '../parts/choice.tsx'
import { FILTER_LABELS } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

type CountMetric = Exclude<Metric, 'costNanoUsd'>

const COUNTS: readonly (readonly [CountMetric, string])[] = [
  ['totalTokens', 'Tokens'],
  ['calls', 'Calls'],
  ['errors', 'Errors'],
]

interface OverviewChartsProps {
  readonly timeseries: Timeseries
  readonly group: string
}

/** Cost and tokens side by side, in the same colours. */
export function OverviewCharts({ timeseries, group }: OverviewChartsProps): JSX.Element {
  const { tz, route, change } = useView()
  const links = useChartLinks(group)
  const count = COUNTS.find(([name]) => name === route.parameters.get('metric'))?.[0] ?? 'totalTokens'
  const by = (FILTER_LABELS[group] ?? group).toLowerCase()
  const { costs, counts } = useMemo(() => seriesOf(timeseries, count), [timeseries, count])
  const label = COUNTS.find(([name]) => name === count)?.[1] ?? ''
  return (
    <div class="pair">
      <Card title="Cost over time" hint={`by ${by}`}>
        <StackedChart
          title={`Cost over time by ${by}`}
          buckets={timeseries.buckets}
          series={costs}
          format={formatMoney}
          formatAxis={axisMoney}
          tz={tz}
          {...links}
        />
      </Card>
      <Card
        title={`${label} over time`}
        hint={`by ${by}`}
        actions={
          <Segments
            name="What the chart shows"
            value={count}
            options={COUNTS}
            onChange={(name) => change({ metric: name === 'totalTokens' ? null : name })}
          />
        }
      >
        <StackedChart
          title={`${label} over time by ${by}`}
          buckets={timeseries.buckets}
          series={counts}
          format={formatCompact}
          formatAxis={axisCount}
          tz={tz}
          {...links}
        />
      </Card>
    </div>
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
