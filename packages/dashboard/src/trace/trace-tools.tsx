import type { TraceAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { countOf, formatCount } from '../format/numbers.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import type { TraceRow } from './trace-rows.ts'

interface TraceToolsProps {
  readonly trace: TraceAnswer
  readonly text: string
  readonly search: (text: string) => void
  readonly found: readonly TraceRow[]
  readonly jumpTo: (row: TraceRow) => void
  readonly isAllCollapsed: boolean
  readonly collapseAll: (isOn: boolean) => void
  /** Shows this much of what is shown now; all of it without a factor. */
  readonly zoom: (factor: number | undefined) => void
  readonly isZoomed: boolean
}

/** Search, zoom and what can be taken away of a trace. */
export function TraceTools(props: TraceToolsProps): JSX.Element {
  const { trace, isAllCollapsed, collapseAll, zoom, isZoomed } = props
  return (
    <div class="row trace-tools">
      <SpanSearch {...props} />
      <div class="row">
        <button type="button" class="button" onClick={() => collapseAll(!isAllCollapsed)}>
          {isAllCollapsed ? 'Expand all' : 'Collapse all'}
        </button>
        <button type="button" class="button" onClick={() => zoom(0.5)}>
          Zoom in
        </button>
        <button type="button" class="button" disabled={!isZoomed} onClick={() => zoom(2)}>
          Zoom out
        </button>
        <button type="button" class="button" disabled={!isZoomed} onClick={() => zoom(undefined)}>
          Fit
        </button>
        <CopyButton label="Copy trace ID" text={() => trace.traceId} />
        <CopyButton label="Copy JSON" text={() => JSON.stringify(trace, null, 2)} />
      </div>
    </div>
  )
}

function SpanSearch({ text, search, found, jumpTo }: TraceToolsProps): JSX.Element {
  const [place, setPlace] = useState(0)
  const jump = (event: SubmitEvent): void => {
    event.preventDefault()
    const row = found[place % found.length]
    if (row === undefined) return
    setPlace((place % found.length) + 1)
    jumpTo(row)
  }
  return (
    <>
      <form class="search" role="search" aria-label="Spans" onSubmit={jump}>
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search spans"
          placeholder="Search spans, Enter for the next"
          value={text}
          onInput={(event) => {
            search(event.currentTarget.value)
            setPlace(0)
          }}
        />
      </form>
      <span class="muted" role="status">
        {text.trim() !== '' &&
          (place === 0
            ? `${countOf(found.length, 'span')} found`
            : `${formatCount(place)} of ${formatCount(found.length)}`)}
      </span>
    </>
  )
}
