import type { CallList } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLive, useLiveRefresh } from '../api/live.tsx'
import { useQuery } from '../api/use-query.ts'
import { formatCount } from '../format/numbers.ts'
import { chosenColumns, ColumnPicker } from '../parts/column-picker.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { ExportLinks } from '../parts/export-links.tsx'
import { Loaded, NoMatch } from '../parts/page-states.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { Segments } from '../parts/choice.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { callColumns } from './call-columns.tsx'
import { PageHead } from './page-head.tsx'
import { WhyTheyFail } from './why-they-fail.tsx'

const PAGE_SIZE = 50

const KINDS = [
  ['billed', 'Model calls'],
  ['tool', 'Tool calls'],
  ['run', 'Runs'],
  ['all', 'All'],
] as const

type KindChoice = (typeof KINDS)[number][0]

// One per provider attempt: what the overview counts as a call.
const BILLED_KINDS = ['model', 'embedding', 'rerank', 'image', 'speech', 'transcription']

/** All calls, a page at a time; newest first unless sorted otherwise. */
export function Calls(): JSX.Element {
  const { route, query, tz, change } = useView()
  const { parameters } = route
  const sort = parameters.get('sort') ?? 'startedAt'
  const order = parameters.get('order') === 'asc' ? 'asc' : 'desc'
  const shown = new URLSearchParams(query)
  const text = parameters.get('q') ?? ''
  if (text !== '') shown.set('q', text)
  // The file has the rows in the order in which they are shown.
  const sorted = new URLSearchParams([...shown, ['sort', sort], ['order', order]])
  const paged = new URLSearchParams([...sorted, ['limit', String(PAGE_SIZE)]])
  const cursor = parameters.get('cursor')
  if (cursor !== null) paged.set('cursor', cursor)
  const columns = callColumns(tz)
  const calls = useQuery<CallList>(`/api/calls?${paged}`)
  return (
    <>
      <PageHead title="Calls">
        <ExportLinks query={sorted} />
      </PageHead>
      <div class="row calls-tools">
        <SearchField
          label="Search calls by model, operation, tool, error, user or session"
          placeholder="Search model, operation, error, user…"
        />
        <KindSegments />
        <ColumnPicker all={columns} />
        <Follow isFirstPage={cursor === null && sort === 'startedAt'} />
      </div>
      {parameters.getAll('status').includes('error') && (
        <div class="calls-tools">
          <WhyTheyFail />
        </div>
      )}
      <Loaded query={calls}>
        {({ data, next }) =>
          data.length === 0 ? (
            <NoMatch what="calls" />
          ) : (
            <>
              <DataTable
                caption="Calls"
                columns={chosenColumns(columns, parameters)}
                rows={data}
                rowKey={({ id }) => id}
                hrefOf={({ id }) => toPage(route, 'calls', { id })}
                rowClass={({ status }) => (status === 'error' ? 'is-failed' : '')}
                sorting={{
                  by: sort,
                  order,
                  onSort: (by, next) => change({ sort: by, order: next === 'desc' ? null : next, cursor: null }),
                }}
              />
              <Pager next={next} isFirst={cursor === null} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

function KindSegments(): JSX.Element {
  const { route, change } = useView()
  const kinds = route.parameters.getAll('kind')
  const value: KindChoice | 'some' =
    kinds.length === 0
      ? 'all'
      : kinds.length > 1 && kinds.every((kind) => BILLED_KINDS.includes(kind))
        ? 'billed'
        : kinds[0] === 'tool'
          ? 'tool'
          : kinds[0] === 'run'
            ? 'run'
            : 'some'
  const choose = (choice: KindChoice | 'some'): void =>
    change({ kind: choice === 'all' ? null : choice === 'billed' ? BILLED_KINDS : choice, cursor: null })
  return <Segments<KindChoice | 'some'> name="Kind" value={value} options={KINDS} onChange={choose} />
}

// A new call moves every row, so the table follows only when asked, and not while the reader is on a row.
function Follow({ isFirstPage }: { readonly isFirstPage: boolean }): JSX.Element | null {
  const { route, change, refresh } = useView()
  const { state } = useLive()
  const isFollowing = route.parameters.has('follow') && isFirstPage
  const isHeld = useHeld()
  useLiveRefresh(refresh, isFollowing && !isHeld)
  if (!isFirstPage || state === 'off') return null
  return (
    <label class="option">
      <input type="checkbox" checked={isFollowing} onChange={() => change({ follow: isFollowing ? null : '1' })} />
      Follow new calls{isFollowing && isHeld ? ' (paused while you are on a row)' : ''}
    </label>
  )
}

function useHeld(): boolean {
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    const look = (event: Event): void =>
      setHeld(event.target instanceof Element && event.target.closest('tbody') !== null)
    document.addEventListener('pointerover', look)
    document.addEventListener('focusin', look)
    return () => {
      document.removeEventListener('pointerover', look)
      document.removeEventListener('focusin', look)
    }
  }, [])
  return isHeld
}

function Pager({ next, isFirst }: { readonly next: string | null; readonly isFirst: boolean }): JSX.Element | null {
  const { change } = useView()
  if (isFirst && next === null) return null
  return (
    <nav class="pager" aria-label="Pagination">
      <button type="button" class="button" disabled={isFirst} onClick={() => change({ cursor: null })}>
        First page
      </button>
      <button type="button" class="button" disabled={next === null} onClick={() => change({ cursor: next })}>
        Next {formatCount(PAGE_SIZE)}
      </button>
    </nav>
  )
}
