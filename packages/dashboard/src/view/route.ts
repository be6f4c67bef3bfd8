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
  /** What the URL names, also where that is not a page. */
  readonly path: string
  /** The call or session that is open. */
  readonly id: string | undefined
  readonly parameters: URLSearchParams
}

/** Changes to parameters: a value, several, or null to leave it out. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>

// What stays when the reader goes from page to page.
const SHARED = new Set(['range', 'from', 'to', 'tz', 'columns', ...FILTER_NAMES])

// Other ids would not survive a path: a dot looks like the name of a file, a slash like a folder.
const PLAIN = /^[\w-]+$/

/** Reads where the reader is. */
export function readRoute(location: { readonly pathname: string; readonly search: string }): Route {
  const [first = '', last = ''] = location.pathname.slice(1).split('/')
  const page = PAGES.find(({ path }) => path === `/${first}`)?.name
  const parameters = new URLSearchParams(location.search)
  const id = last === '' ? parameters.get('id') : last
  parameters.delete('id')
  const isOverview = page === 'overview'
  return {
    page,
    path: location.pathname,
    id: id === null || id === '' ? undefined : id,
    parameters: isOverview ? toolsOn(page, parameters) : parameters,
  }
}

/** The URL of the same page with other parameters. */
export function withParameters(route: Route, changes: Changes): string {
  const parameters = changed(route.parameters, changes)
  if (route.page === undefined) return `${route.path}${queryOf(parameters)}`
  return toUrl(route.page, route.id, parameters)
}

/** The URL of a page, with the range, the time zone and the filters that are set now. */
export function toPage(
  route: Route,
  page: PageName,
  { id, changes = {} }: { id?: string; changes?: Changes } = {},
): string {
  const shared = new URLSearchParams([...route.parameters].filter(([name]) => SHARED.has(name)))
  const next = changed(shared, 'tool' in changes ? { usedTool: null, ...changes } : changes)
  return toUrl(page, id, page === 'calls' && 'tool' in changes ? next : toolsOn(page, next))
}

// The page of tools shows the calls of a tool; the others show what the runs that used it cost.
function toolsOn(page: PageName, parameters: URLSearchParams): URLSearchParams {
  const [from, to] = page === 'tools' ? ['usedTool', 'tool'] : ['tool', 'usedTool']
  return new URLSearchParams([...parameters].map(([name, value]) => [name === from ? to : name, value]))
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
  const isPlain = id === undefined || PLAIN.test(id)
  const all = isPlain ? parameters : new URLSearchParams([['id', id], ...parameters])
  return `${path}${isPlain && id !== undefined ? `/${id}` : ''}${queryOf(all)}`
}

function queryOf(parameters: URLSearchParams): string {
  const query = parameters.toString().replaceAll('%2F', '/').replaceAll('%3A', ':')
  return query === '' ? '' : `?${query}`
}
