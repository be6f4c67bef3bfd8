import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import type { ChartSeries } from './chart-data.ts'

/** What a chart of calls leads to: a bar to its calls, a range drawn over it to that range, a series to a filter. */
export function useChartLinks(group: string | undefined): {
  readonly onOpen: (from: number, to: number) => void
  readonly onZoom: (from: number, to: number) => void
  readonly onPick?: (series: ChartSeries) => void
} {
  const { route, change, go } = useView()
  const between = (from: number, to: number) => ({
    range: null,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  })
  return {
    onOpen: (from, to) => go(toPage(route, 'calls', { changes: between(from, to) })),
    onZoom: (from, to) => change(between(from, to)),
    ...(group === undefined ? {} : { onPick: ({ key }) => change({ [group]: key ?? '' }) }),
  }
}
