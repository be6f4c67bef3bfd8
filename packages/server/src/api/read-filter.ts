import type { CallFilter } from '@spanledger/store'
import type { Context } from 'hono'
import type { ServerEnv } from '../http/access.ts'
import { HttpError } from '../http/http-error.ts'
import { toFilter } from './schemas/filter.ts'
import type { Range } from './schemas/totals.ts'

/** A filter that came over the wire, with its time zone. */
export type ApiFilter = CallFilter & { readonly tz: string }

/** The only project that who asks may see, if it is only one. */
export function projectOf(c: Context<ServerEnv>): string | undefined {
  // Without the server around it, as in a test of the API alone, everybody may see everything.
  return (c.var.access as ServerEnv['Variables']['access'] | undefined)?.project
}

/** The filter of a query string, narrowed to what who asks may see. */
export function readFilter(c: Context<ServerEnv>, query: Readonly<Record<string, unknown>>): ApiFilter {
  return narrow(toFilter(query), projectOf(c))
}

/** A filter within one project. Asking for another one is refused. */
export function narrow(filter: ApiFilter, project: string | undefined): ApiFilter {
  if (project === undefined) return filter
  const asked = filter.project === undefined ? [project] : [filter.project].flat()
  if (asked.every((id) => id === project)) return { ...filter, project }
  throw new HttpError('This token can only read one project, and the request asks for another', {
    status: 403,
    code: 'forbidden',
    field: 'project',
    hint: 'Leave the project out',
  })
}

/** The time that a filter is about, as an answer shows it. */
export function rangeOf({ from, to, tz }: ApiFilter): Range {
  return { from: from ?? null, to: to ?? null, tz }
}

/** The same question about the time before: as long, and just before it. Nothing where the start is open. */
export function previousOf(filter: ApiFilter, now: number): ApiFilter | undefined {
  const { from } = filter
  if (from === undefined) return undefined
  const to = filter.to ?? Math.max(now, from + 1)
  return { ...filter, from: Math.max(0, from - (to - from)), to: from }
}
