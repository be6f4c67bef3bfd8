import type { Health, Overview as OverviewAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useLiveRefresh } from '../api/live.tsx'
import { useQuery } from '../api/use-query.ts'
import { Select } from '../parts/choice.tsx'
import { ExportLinks } from '../parts/export-links.tsx'
import { Loaded, NoMatch, UnknownGrouping } from '../parts/page-states.tsx'
import { useStage } from '../parts/use-stage.ts'
import { FILTER_LABELS, GROUPINGS } from '../view/filters.ts'
import { useView } from '../view/view.tsx'
import { EmptyLedger } from './empty-ledger.tsx'
import { OverviewCharts } from './overview-charts.tsx'
import { OverviewTotals } from './overview-totals.tsx'
import { OpenAndUnpriced, TopLists } from './overview-lists.tsx'
import { PageHead } from './page-head.tsx'

/** What calls cost, who spent it and what fails, at a glance. */
export function Overview({ health }: { readonly health: Health | undefined }): JSX.Element {
  const { route, range, query, change, refresh } = useView()
  const group = route.parameters.get('group') ?? 'model'
  const isGrouping = GROUPINGS.includes(group)
  const overview = useQuery<OverviewAnswer>(isGrouping ? `/api/overview?${query}&groupBy=${group}` : undefined)
  useLiveRefresh(refresh)
  const isCompared = route.parameters.get('compare') === 'previous'
  const isEmpty = overview.data?.isEmpty === true
  return (
    <>
      <PageHead title="Overview">
        {!isEmpty && (
          <>
            <Select
              name="Group by"
              value={group}
              options={GROUPINGS.map((name) => [name, FILTER_LABELS[name] ?? name] as const)}
              onChange={(name) => change({ group: name === 'model' ? null : name })}
            />
            {range.from !== undefined && (
              <label class="option">
                <input
                  type="checkbox"
                  checked={isCompared}
                  onChange={() => change({ compare: isCompared ? null : 'previous' })}
                />
                <span>
                  Compare<span class="sr-only"> with previous period</span>
                </span>
              </label>
            )}
            <ExportLinks query={query} />
          </>
        )}
      </PageHead>
      {isGrouping ? (
        <Loaded query={overview}>
          {(data) => (data.isEmpty ? <EmptyLedger health={health} /> : <OverviewNumbers data={data} group={group} />)}
        </Loaded>
      ) : (
        <UnknownGrouping name={group} />
      )}
    </>
  )
}

function OverviewNumbers({ data, group }: { readonly data: OverviewAnswer; readonly group: string }): JSX.Element {
  const { totals } = data
  const stage = useStage(3)
  const hasNothing = totals.calls === 0 && totals.toolCalls === 0 && data.openCalls === 0
  if (hasNothing) return <NoMatch what="calls" />
  return (
    <div class="stack" aria-busy={stage < 3}>
      <OverviewTotals totals={totals} previous={data.previous} timeseries={data.timeseries} />
      <OverviewCharts timeseries={data.timeseries} range={data.range} group={group} drawn={stage} />
      {stage > 2 && (
        <>
          <OpenAndUnpriced data={data} />
          <TopLists data={data} />
        </>
      )}
    </div>
  )
}
