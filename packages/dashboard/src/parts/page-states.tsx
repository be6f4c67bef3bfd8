import type { Summary } from '@spanledger/server/api'
import type { ComponentChildren, JSX } from 'preact'
import { ApiError, keepToken } from '../api/request.ts'
import { type Query, useQuery } from '../api/use-query.ts'
import { countOf } from '../format/numbers.ts'
import { FILTER_NAMES } from '../view/filters.ts'
import { presetChanges, useView } from '../view/view.tsx'
import { Icon } from './icon.tsx'
import { readForm } from './use-action.ts'

interface LoadedProps<Answer> {
  readonly query: Query<Answer>
  readonly children: (data: Answer) => ComponentChildren
}

/** Shows an answer; until it is there, a placeholder or the error. */
export function Loaded<Answer>({ query, children }: LoadedProps<Answer>): JSX.Element {
  const { data, error, isLoading, reload } = query
  if (data === undefined) return error === undefined ? <Loading /> : <Failure error={error} retry={reload} />
  return (
    <>
      {error !== undefined && <Failure error={error} retry={reload} />}
      <div class="loaded" aria-busy={isLoading}>
        {children(data)}
      </div>
    </>
  )
}

/** A placeholder while an answer is on its way. */
export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="sr-only">Loading</span>
      <div class="skeleton skeleton-row" />
      <div class="skeleton skeleton-chart" />
      <div class="skeleton skeleton-row" />
    </div>
  )
}

/** What went wrong, in the server's words, and what to do about it. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry: () => void }): JSX.Element {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
    return <TokenForm error={error} />
  }
  const isNetwork = error instanceof TypeError
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{isNetwork ? 'The server is not responding' : error.message}</strong>
        <p>
          {isNetwork
            ? 'Is `spanledger serve` still running? Any numbers below may be out of date.'
            : error instanceof ApiError && error.hint}
        </p>
      </div>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}

/** Shown where a link asks for a grouping that there is none of. */
export function UnknownGrouping({ name }: { readonly name: string }): JSX.Element {
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warning" />
      <strong>Cannot group by “{name}”. Choose another grouping above.</strong>
    </div>
  )
}

/** Shown when nothing matches: what there is without search and filters, and how to get there. */
export function NoMatch({ what }: { readonly what: string }): JSX.Element {
  const { hasFilters, range, route, change } = useView()
  const text = route.parameters.get('q') ?? ''
  const isNarrowed = hasFilters || text !== ''
  return (
    <div class="nothing">
      {isNarrowed ? (
        <>
          <p>
            No {what} match{' '}
            {[text === '' ? '' : `“${text}”`, hasFilters ? 'these filters' : '']
              .filter((part) => part !== '')
              .join(' and ')}
            .
          </p>
          <WithoutFilters />
        </>
      ) : (
        <p>
          No {what} found. Time range: <strong>{range.label}</strong>
        </p>
      )}
      <div class="row">
        {isNarrowed && (
          <button
            type="button"
            class="button"
            onClick={() => change(Object.fromEntries([...FILTER_NAMES, 'q', 'cursor'].map((name) => [name, null])))}
          >
            {text === '' ? 'Clear filters' : hasFilters ? 'Clear search and filters' : 'Clear search'}
          </button>
        )}
        {range.preset !== 'all' && (
          <button type="button" class="button" onClick={() => change(presetChanges('all'))}>
            Show all time
          </button>
        )}
      </div>
    </div>
  )
}

function WithoutFilters(): JSX.Element | null {
  const { query, range } = useView()
  const unfiltered = new URLSearchParams([...query].filter(([name]) => !FILTER_NAMES.includes(name)))
  const { data } = useQuery<Summary>(`/api/ai-usage/summary?${unfiltered}`)
  if (data === undefined) return null
  const { calls, toolCalls } = data.totals
  return (
    <p class="muted">
      {range.label}, without search and filters: {countOf(calls, 'model call')}, {countOf(toolCalls, 'tool call')}.
    </p>
  )
}

function TokenForm({ error }: { readonly error: ApiError }): JSX.Element {
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    keepToken(readForm(event.currentTarget)['token'] ?? '')
    // Everything that was refused before is asked for again, live updates too.
    location.reload()
  }
  return (
    <form class="notice" onSubmit={submit}>
      <div>
        <strong>{error.status === 401 ? 'This server requires a token' : error.message}</strong>
        <p>The token stays in this tab and is sent to this server only.</p>
        <label class="field">
          Token
          <input name="token" type="password" autocomplete="off" required />
        </label>
      </div>
      <button type="submit" class="button is-primary">
        Continue
      </button>
    </form>
  )
}
