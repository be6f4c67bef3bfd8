import type { CallFilter } from '@spanledger/store'
import type { Context } from 'hono'
import type { ServerEnv } from '../http/access.ts'
import { HttpError } from '../http/http-error.ts'
import { toFilter } from './schemas/filter.ts'
import type { Range } from './schemas/totals.ts'

/** The filter of a request, with its time zone. */
export type ApiFilter = CallFilter & { readonly tz: string }

/** Returns the project that the token is restricted to, if any. */
export function projectOf(c: Context<ServerEnv>): string | undefined {
  // Absent if the API runs without the server around it.
  return (c.var.access as ServerEnv['Variables']['access'] | undefined)?.project
}

/** Reads the filter of a query string, narrowed to what the token may see. */
export function readFilter(c: Context<ServerEnv>, query: Readonly<Record<string, unknown>>): ApiFilter {
  return narrow(toFilter(query), projectOf(c))
}

/** Narrows a filter to one project. Refuses a filter that names another. */
export function narrow(filter: ApiFilter, project: string | undefined): ApiFilter {
  if (project === undefined) return filter
  const asked = filter.project === undefined ? [project] : [filter.project].flat()
  if (asked.every((id) => id === project)) return { ...filter, project }
  throw new HttpError('This token can read only one project, and the request names another', {
    status: 403,
    code: 'forbidden',
    field: 'project',
    hint: 'Leave out project',
  })
}

/** Returns the time range of a filter, as answers contain it. */
export function rangeOf({ from, to, tz }: ApiFilter): Range {
  return { from: from ?? null, to: to ?? null, tz }
}

/** Returns the filter for the range of equal length just before; undefined without a start. */
export function previousOf(filter: ApiFilter, now: number): ApiFilter | undefined {
  const { from } = filter
  if (from === undefined) return undefined
  const to = filter.to ?? Math.max(now, from + 1)
  return { ...filter, from: Math.max(0, from - (to - from)), to: from }
}
