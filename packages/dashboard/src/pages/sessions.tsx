import type { SessionList, SessionRow } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useQuery } from '../api/use-query.ts'
import { columnDecimals } from '../format/money.ts'
import { formatCompact, formatCount, UNKNOWN } from '../format/numbers.ts'
import { formatTime } from '../format/time.ts'
import { TotalCost } from '../parts/cost.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { TableExport } from '../parts/export-links.tsx'
import { Loaded, NoMatch } from '../parts/page-states.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { PageHead } from './page-head.tsx'

const PAGE_SIZE = '50'

/** Conversations, the most recently active first. */
export function Sessions(): JSX.Element {
  const { query, route, tz, change } = useView()
  const cursor = route.parameters.get('cursor')
  const paged = new URLSearchParams([...query, ['limit', PAGE_SIZE], ...(cursor === null ? [] : [['cursor', cursor]])])
  const sessions = useQuery<SessionList>(`/api/sessions?${paged}`)
  return (
    <>
      <PageHead title="Sessions">
        <TableExport path="/api/sessions" query={query} name="sessions" />
      </PageHead>
      <Loaded query={sessions}>
        {({ data, next }) =>
          data.length === 0 ? (
            <NoMatch what="sessions" />
          ) : (
            <>
              <DataTable
                caption="Sessions"
                columns={sessionColumns(tz, columnDecimals(data.map(({ costNanoUsd }) => costNanoUsd)))}
                rows={data}
                rowKey={({ session }) => session}
                hrefOf={({ session }) => toPage(route, 'sessions', { id: session })}
              />
              {(cursor !== null || next !== null) && (
                <nav class="pager" aria-label="Pagination">
                  <button
                    type="button"
                    class="button"
                    disabled={cursor === null}
                    onClick={() => change({ cursor: null })}
                  >
                    First page
                  </button>
                  <button
                    type="button"
                    class="button"
                    disabled={next === null}
                    onClick={() => change({ cursor: next })}
                  >
                    Next {PAGE_SIZE}
                  </button>
                </nav>
              )}
            </>
          )
        }
      </Loaded>
    </>
  )
}

function sessionColumns(tz: string, decimals: number): readonly Column<SessionRow>[] {
  return [
    { name: 'session', label: 'Session', cell: ({ session }) => <span class="ellipsis">{session}</span> },
    {
      name: 'question',
      label: 'First question',
      priority: 2,
      cell: ({ firstQuestion }) => <span class="clamp">{firstQuestion ?? <span class="muted">not stored</span>}</span>,
    },
    { name: 'user', label: 'User', priority: 2, cell: ({ user }) => user ?? UNKNOWN },
    { name: 'project', label: 'Project', priority: 3, cell: ({ project }) => project ?? UNKNOWN },
    { name: 'turns', label: 'Turns', isNumber: true, cell: ({ turns }) => formatCount(turns) },
    {
      name: 'tools',
      label: 'Tool calls',
      isNumber: true,
      priority: 3,
      cell: ({ toolCalls }) => formatCount(toolCalls),
    },
    { name: 'errors', label: 'Errors', isNumber: true, priority: 3, cell: ({ errors }) => formatCount(errors) },
    {
      name: 'tokens',
      label: 'Tokens',
      isNumber: true,
      priority: 3,
      cell: ({ totalTokens }) => formatCompact(totalTokens),
    },
    {
      name: 'cost',
      label: 'Cost',
      isNumber: true,
      cell: (row) => <TotalCost totals={row} decimals={decimals} />,
    },
    {
      name: 'last',
      label: 'Last active',
      priority: 2,
      cell: ({ endedAt, startedAt }) => formatTime(endedAt ?? startedAt, tz),
    },
  ]
}
