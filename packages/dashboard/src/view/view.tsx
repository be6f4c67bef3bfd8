import { isTimeZone } from '@spanledger/core/time'
import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { browserTimeZone } from './browser-time-zone.ts'
import { FILTER_NAMES } from './filters.ts'
import { readRange, type TimeRange } from './range.ts'
import { type Changes, readRoute, type Route, withParameters } from './route.ts'

/** What the reader looks at, and how to look at something else. */
export interface View {
  readonly route: Route
  readonly tz: string
  readonly range: TimeRange
  /** Range, zone and filters as the API takes them. */
  readonly query: URLSearchParams
  readonly hasFilters: boolean
  /** Changes parameters of this page; the back button undoes it, unless it replaces what the change before it made. */
  readonly change: (changes: Changes, options?: { readonly replace?: boolean }) => void
  readonly go: (url: string) => void
  /** Moves ranges that follow the clock to now. */
  readonly refresh: () => void
}

const ZONE_KEY = 'spanledger.tz'
const ViewContext = createContext<View | undefined>(undefined)

/** Provides the view that the URL describes to all components below it. */
export const ViewProvider = ViewContext.Provider

/** The view that the URL describes. */
export function useView(): View {
  const view = useContext(ViewContext)
  if (view === undefined) throw new Error('useView works below ViewProvider only')
  return view
}

/** Reads the URL, and follows it. `firstCallAt` (epoch milliseconds) is when the first of all calls started, once it is known. */
export function useUrlView(firstCallAt: number | undefined): View {
  const [route, setRoute] = useState(() => readRoute(location))
  const [now, setNow] = useState(() => Date.now())

  const show = useCallback((url: string, replace = false) => {
    history[replace ? 'replaceState' : 'pushState'](null, '', url)
    setRoute(readRoute(location))
    // The same view under its whole name is no reason to ask again.
    if (!replace) setNow(Date.now())
  }, [])

  useEffect(() => {
    const follow = (): void => setRoute(readRoute(location))
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])

  const tz = useMemo(() => readZone(route), [route])
  // A shared link must show the same days to its reader, so the zone is always in it.
  useEffect(() => {
    if (route.parameters.get('tz') !== tz) show(withParameters(route, { tz }), true)
    else localStorage.setItem(ZONE_KEY, tz)
  }, [route, tz, show])

  return useMemo(() => {
    const range = readRange(route.parameters, { tz, now, firstCallAt })
    return {
      route,
      tz,
      range,
      query: toQuery(route, range, tz),
      hasFilters: FILTER_NAMES.some((name) => route.parameters.has(name)),
      change: (changes, { replace = false } = {}) => show(withParameters(route, changes), replace),
      go: (url: string) => show(url),
      refresh: () => setNow(Date.now()),
    }
  }, [route, tz, now, show, firstCallAt])
}

/** What the URL says when a range is chosen. */
export function presetChanges(preset: string): Changes {
  return { range: preset, from: null, to: null, cursor: null }
}

// What a browser knows of zones takes it tens of milliseconds to load, so it is asked for no more than is needed.
function readZone(route: Route): string {
  const wanted = [() => route.parameters.get('tz'), () => localStorage.getItem(ZONE_KEY), browserTimeZone]
  for (const read of wanted) {
    const name = read()
    if (name !== null && name !== '' && isTimeZone(name)) return name
  }
  return 'UTC'
}

function toQuery(route: Route, { from, to }: TimeRange, tz: string): URLSearchParams {
  const query = new URLSearchParams([...route.parameters].filter(([name]) => FILTER_NAMES.includes(name)))
  if (from !== undefined) query.set('from', String(from))
  query.set('to', String(to))
  query.set('tz', tz)
  return query
}
