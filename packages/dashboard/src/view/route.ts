import { FILTER_NAMES } from './filters.ts'

/** The pages, in the order of the navigation. `key` follows `g` on the keyboard. */
export const PAGES = [
  { name: 'overview', path: '/', label: 'Overview', key: 'o' },
  { name: 'calls', path: '/calls', label: 'Calls', key: 'c' },
  { name: 'tools', path: '/tools', label: 'Tools', key: 't' },
  { name: 'sessions', path: '/sessions', label: 'Sessions', key: 's' },
  { name: 'spend', path: '/spend', label: 'Users & projects', key: 'u' },
  { name: 'budgets', path: '/budgets', label: 'Budgets', key: 'b' },
  { name: 'prices', path: '/prices', label: 'Prices', key: 'p' },
  { name: 'health', path: '/health', label: 'Health', key: 'h' },
] as const

/** The name of a page. */
export type PageName = (typeof PAGES)[number]['name']

/** Where the reader is. Everything that changes what is shown is in it. */
export interface Route {
  readonly page: PageName | undefined
  /** The call or session that is open. */
  readonly id: string | undefined
  readonly parameters: URLSearchParams
}

/** Changes to parameters: a value, several, or null to leave it out. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>

// What stays when the reader goes from page to page.
const SHARED = ['range', 'from', 'to', 'tz', ...FILTER_NAMES]

/** Reads where the reader is. */
export function readRoute(location: { readonly pathname: string; readonly search: string }): Route {
  const [first = '', id] = location.pathname.slice(1).split('/')
  const page = PAGES.find(({ path }) => path === `/${first}`)?.name
  return {
    page,
    id: id === undefined || id === '' ? undefined : safeDecode(id),
    parameters: new URLSearchParams(location.search),
  }
}

/** The URL of the same page with other parameters. */
export function withParameters(route: Route, changes: Changes): string {
  return toUrl(route.page ?? 'overview', route.id, changed(route.parameters, changes))
}

/** The URL of a page, with the range, the time zone and the filters that are set now. */
export function toPage(
  route: Route,
  page: PageName,
  { id, changes = {} }: { id?: string; changes?: Changes } = {},
): string {
  const shared = new URLSearchParams([...route.parameters].filter(([name]) => SHARED.includes(name)))
  return toUrl(page, id, changed(shared, changes))
}

function changed(parameters: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(parameters)
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name)
    for (const item of value === null ? [] : [value].flat()) next.append(name, item)
  }
  return next
}

function toUrl(page: PageName, id: string | undefined, parameters: URLSearchParams): string {
  const path = PAGES.find(({ name }) => name === page)?.path ?? '/'
  const query = parameters.toString().replaceAll('%2F', '/').replaceAll('%3A', ':')
  return `${path}${id === undefined ? '' : `/${encodeId(id)}`}${query === '' ? '' : `?${query}`}`
}

// A dot in the last part of a path looks like the name of a file, which a server does not answer with a page.
function encodeId(id: string): string {
  return encodeURIComponent(id).replaceAll('.', '%2E')
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // somebody's own percent sign
  }
}
