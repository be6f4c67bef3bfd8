import type { FailuresAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useQuery } from '../api/use-query.ts'
import { formatCount } from '../format/numbers.ts'
import { formatTime } from '../format/time.ts'
import { Card } from '../parts/card.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

type Failure = FailuresAnswer['failures'][number]

const MOST_ROWS = 8

/** The errors of model calls, the most frequent first. Nothing while there is none. */
export function WhyTheyFail(): JSX.Element | null {
  const { query, route, tz } = useView()
  const { data } = useQuery<FailuresAnswer>(`/api/ai-usage/failures?${query}`)
  if (data === undefined || data.failures.length === 0) return null
  const columns: readonly Column<Failure>[] = [
    {
      name: 'message',
      label: 'Error',
      share: 2,
      cell: ({ message, errorType }) => (
        <span class="clamp" title={message ?? undefined}>
          {message ?? errorType ?? 'No message'}
        </span>
      ),
    },
    { name: 'status', label: 'HTTP', isNumber: true, priority: 2, cell: ({ httpStatus }) => httpStatus ?? '–' },
    { name: 'calls', label: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    { name: 'last', label: 'Last seen', priority: 3, cell: ({ lastStartedAt }) => formatTime(lastStartedAt, tz) },
  ]
  return (
    <Card title="Why they fail" hint="model calls, by error">
      <DataTable
        caption="Failed model calls by error"
        columns={columns}
        rows={data.failures.slice(0, MOST_ROWS)}
        rowKey={({ callId }) => callId}
        hrefOf={({ callId }) => toPage(route, 'calls', { id: callId })}
      />
    </Card>
  )
}
