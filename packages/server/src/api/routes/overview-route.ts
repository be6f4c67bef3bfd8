import { createRoute } from '@hono/zod-openapi'
import type { Grouping } from '@spanledger/store'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { type ApiFilter, previousOf, rangeOf, readFilter } from '../read-filter.ts'
import { filterQuery, groupBy } from '../schemas/filter.ts'
import type { TotalsRow } from '../schemas/totals.ts'
import { type Overview, overviewAnswer } from '../schemas/usage.ts'
import { toTotals, toTotalsRow } from '../usage-view.ts'
import { labelsOf, timeseriesOf } from './usage-routes.ts'

const TOP_ROWS = 8
const UNPRICED_ROWS = 20
/** The environment of demo spans. */
export const DEMO_ENVIRONMENT = 'demo'

/** The overview route. */
export function overviewRoute(context: ApiContext): Api {
  const part = createPart()
  const route = createRoute({
    method: 'get',
    path: '/api/overview',
    summary: 'Get everything that the overview page shows.',
    request: { query: filterQuery({ groupBy: groupBy.optional() }) },
    responses: {
      ...answers(200, overviewAnswer, 'Sums, a chart, and the most expensive values of each grouping.'),
      ...refusals(400, 403),
    },
  })
  part.openapi(route, async (c) => {
    const query = c.req.valid('query')
    return c.json(await overviewOf(context, readFilter(c, query), query.groupBy ?? 'model'), 200)
  })
  return part
}

async function overviewOf(context: ApiContext, filter: ApiFilter, grouping: Grouping): Promise<Overview> {
  const { store, now } = context
  const before = previousOf(filter, now())
  const [totals, previous, timeseries, top, unpriced, isEmpty, isDemo] = await Promise.all([
    store.summary(filter, { percentiles: true }),
    before === undefined ? null : store.summary(before, { percentiles: true }),
    timeseriesOf(context, filter, { groupBy: grouping }),
    topOf(context, filter),
    store.unpricedModels(filter),
    isEmptyFor(context, filter),
    hasDemoData(context, filter),
  ])
  return {
    range: rangeOf(filter),
    totals: toTotals(totals),
    previous: previous === null ? null : toTotals(previous),
    timeseries,
    top,
    unpricedModels: unpriced.slice(0, UNPRICED_ROWS).map((model) => ({ ...model })),
    openCalls: totals.openCalls,
    isDemoData: isDemo,
    isEmpty,
  }
}

async function topOf(context: ApiContext, filter: ApiFilter): Promise<Overview['top']> {
  const rowsOf = async (grouping: Grouping): Promise<TotalsRow[]> => {
    const labelOf = await labelsOf(context, grouping)
    const rows = await context.store.breakdown(filter, grouping, { limit: TOP_ROWS, toolsByModel: false })
    return rows.filter(({ isOther }) => isOther !== true).map((row) => toTotalsRow(row, labelOf))
  }
  const [models, operations, projects, users, tags] = await Promise.all([
    rowsOf('model'),
    rowsOf('operation'),
    rowsOf('project'),
    rowsOf('user'),
    rowsOf('tag'),
  ])
  return { models, operations, projects, users, tags }
}

async function isEmptyFor({ store }: ApiContext, { project }: ApiFilter): Promise<boolean> {
  return (await store.calls(project === undefined ? {} : { project }, { limit: 1 })).calls.length === 0
}

/** Returns whether a filter matches demo calls. */
export async function hasDemoData({ store }: Pick<ApiContext, 'store'>, filter: ApiFilter): Promise<boolean> {
  const asked = filter.environment === undefined ? [DEMO_ENVIRONMENT] : [filter.environment].flat()
  if (!asked.includes(DEMO_ENVIRONMENT)) return false
  // Rollups answer this for the whole ledger. Without demo calls, the query below would read every call of the filter.
  const { calls, toolCalls, openCalls } = await store.summary({ environment: DEMO_ENVIRONMENT })
  if (calls + toolCalls + openCalls === 0) return false
  return (await store.calls({ ...filter, environment: DEMO_ENVIRONMENT }, { limit: 1 })).calls.length > 0
}
