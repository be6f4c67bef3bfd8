import { createRoute, z } from '@hono/zod-openapi'
import { BUCKET_SIZES, type BucketSize, type Grouping, type UsageTotals } from '@spanledger/store'
import { HttpError } from '../../http/http-error.ts'
import { answers, answersOrCsv, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { type ApiFilter, previousOf, rangeOf, readFilter } from '../read-filter.ts'
import { compare, filterQuery, groupBy, tableFormat } from '../schemas/filter.ts'
import { DEFAULT_PAGE, MAX_PAGE, wholeNumber } from '../schemas/paging.ts'
import type { Timeseries, ToolsAnswer } from '../schemas/usage.ts'
import { breakdownAnswer, failuresAnswer, summaryAnswer, timeseriesAnswer, toolsAnswer } from '../schemas/usage.ts'
import type { Series } from '../schemas/totals.ts'
import { breakdownCsv, csvHeaders, toolsCsv } from '../table-export.ts'
import { type LabelOf, lineOf, toBucketTotals, toSeries, toTotals, toTotalsRow } from '../usage-view.ts'

const bucket = z
  .enum([...BUCKET_SIZES, 'auto'])
  .optional()
  .openapi({ description: 'Size of the buckets, aligned in `tz`; auto returns at most 200 buckets.' })

const limit = wholeNumber({ min: 1, max: MAX_PAGE, byDefault: DEFAULT_PAGE })

/** Routes of sums: in total, over time, by grouping, by tool. */
export function usageRoutes(context: ApiContext): Api {
  const part = createPart()
  for (const base of ['/api/ai-usage', '/api/ai/usage']) {
    addSummary(part, base, context)
    addTimeseries(part, base, context)
    addBreakdown(part, base, context)
    addTools(part, base, context)
    addFailures(part, base, context)
  }
  return part
}

function addSummary(part: Api, base: string, { store, now }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: `${base}/summary`,
    summary: 'Sum up the calls of a filter.',
    request: { query: filterQuery({ compare }) },
    responses: { ...answers(200, summaryAnswer, 'The sums.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const query = c.req.valid('query')
    const filter = readFilter(c, query)
    const before = query.compare === undefined ? undefined : requirePrevious(filter, now())
    const totals = toTotals(await store.summary(filter, { percentiles: true }))
    const previous = before && toTotals(await store.summary(before, { percentiles: true }))
    return c.json({ range: rangeOf(filter), totals, ...(previous === undefined ? {} : { previous }) }, 200)
  })
}

function addTimeseries(part: Api, base: string, context: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: `${base}/timeseries`,
    summary: 'Sum up the calls of a filter for each bucket of time.',
    request: { query: filterQuery({ bucket, groupBy: groupBy.optional(), compare }) },
    responses: { ...answers(200, timeseriesAnswer, 'Sums for each bucket.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const query = c.req.valid('query')
    const filter = readFilter(c, query)
    const before = query.compare === undefined ? undefined : requirePrevious(filter, context.now())
    const answer = await timeseriesOf(context, filter, { bucket: query.bucket, groupBy: query.groupBy })
    if (before === undefined) return c.json(answer, 200)
    const { buckets, totals } = await timeseriesOf(context, before, { bucket: answer.bucket })
    return c.json({ ...answer, previous: { buckets, totals } }, 200)
  })
}

/** Options of a chart. */
export interface ChartRequest {
  readonly bucket?: BucketSize | 'auto' | undefined
  readonly groupBy?: Grouping | undefined
}

/** Returns a chart, with one line per value if grouped. Grouping by day means buckets of one day. */
export async function timeseriesOf(
  context: ApiContext,
  filter: ApiFilter,
  request: ChartRequest,
): Promise<Timeseries & { readonly bucket: BucketSize }> {
  const groupBy = request.groupBy === 'day' ? undefined : request.groupBy
  const bucket = request.groupBy === 'day' ? '1d' : request.bucket
  const chart = await context.store.timeseries(filter, { bucket, groupBy })
  const labelOf = await labelsOf(context, groupBy)
  const lines = (pointOf: (totals: UsageTotals) => number | null): Series[] =>
    toSeries(chart.groups ?? [], labelOf, pointOf)
  const series = {
    costNanoUsd: lines((totals) => totals.costNanoUsd),
    totalTokens: lines((totals) => totals.totalTokens),
    calls: lines((totals) => totals.calls),
    errors: lines((totals) => totals.errors),
  }
  return {
    range: rangeOf(filter),
    bucket: chart.bucket,
    buckets: chart.buckets.map((bucket) => ({ ...bucket })),
    totals: chart.totals.map(toBucketTotals),
    ...(groupBy === undefined ? {} : { series }),
  }
}

function addBreakdown(part: Api, base: string, context: ApiContext): void {
  const { store, now } = context
  const route = createRoute({
    method: 'get',
    path: `${base}/breakdown`,
    summary: 'Sum up the calls of a filter for each value of a grouping.',
    request: { query: filterQuery({ groupBy, compare, limit, format: tableFormat }) },
    responses: { ...answersOrCsv(breakdownAnswer, 'One row per value, most expensive first.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const query = c.req.valid('query')
    const filter = readFilter(c, query)
    const before = query.compare === undefined ? undefined : requirePrevious(filter, now())
    const labelOf = await labelsOf(context, query.groupBy)
    const found = await store.breakdown(filter, query.groupBy, {
      limit: query.limit ?? DEFAULT_PAGE,
      percentiles: true,
    })
    const rows = found.filter(({ isOther }) => isOther !== true)
    const other = found.find(({ isOther }) => isOther === true)
    const keys = new Set(rows.map(({ key }) => key))
    const isWanted = ({ key }: { readonly key: string | null }): boolean => query.groupBy === 'day' || keys.has(key)
    const previous = before && (await store.breakdown(before, query.groupBy, { percentiles: true })).filter(isWanted)
    const answer = {
      range: rangeOf(filter),
      groupBy: query.groupBy,
      rows: rows.map((row) => toTotalsRow(row, labelOf)),
      other: other === undefined ? null : toTotals(other),
      ...(previous === undefined ? {} : { previous: previous.map((row) => toTotalsRow(row, labelOf)) }),
    }
    if (query.format === 'csv')
      return c.body(breakdownCsv(query.groupBy, answer.rows, answer.other), 200, csvHeaders(query.groupBy))
    return c.json(answer, 200)
  })
}

function addTools(part: Api, base: string, context: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: `${base}/tools`,
    summary: 'Report calls, failures and durations of each tool.',
    request: { query: filterQuery({ bucket, format: tableFormat }) },
    responses: { ...answersOrCsv(toolsAnswer, 'The tools, most called first.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const query = c.req.valid('query')
    const filter = readFilter(c, query)
    const answer = await toolsOf(context, filter, query.bucket)
    if (query.format === 'csv') return c.body(toolsCsv(answer), 200, csvHeaders('tools'))
    return c.json(answer, 200)
  })
}

function addFailures(part: Api, base: string, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: `${base}/failures`,
    summary: 'List the errors of failed calls; those of tools are in the report of tools.',
    request: { query: filterQuery({}) },
    responses: { ...answers(200, failuresAnswer, 'The errors, most frequent first.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const filter = readFilter(c, c.req.valid('query'))
    const failures = await store.failures(filter)
    return c.json({ range: rangeOf(filter), failures: failures.map((failure) => ({ ...failure })) }, 200)
  })
}

async function toolsOf({ store }: ApiContext, filter: ApiFilter, bucket: ChartRequest['bucket']): Promise<ToolsAnswer> {
  const { tools, overTime } = await store.toolReport(filter, { bucket })
  return {
    range: rangeOf(filter),
    tools: tools.map((tool) => ({
      tool: tool.tool,
      calls: tool.calls,
      succeeded: tool.succeeded,
      failed: tool.failed,
      successRate: tool.succeeded + tool.failed === 0 ? null : tool.succeeded / (tool.succeeded + tool.failed),
      averageDurationMs: tool.averageDurationMs,
      p95DurationMs: tool.p95DurationMs,
      lastStartedAt: tool.lastStartedAt,
      failures: tool.failures.map((failure) => ({ ...failure })),
    })),
    overTime: {
      bucket: overTime.bucket,
      buckets: overTime.buckets.map((part) => ({ ...part })),
      series: overTime.calls.map((line) => lineOf(line, (key) => key)),
      failures: { key: null, points: [...overTime.failures] },
    },
  }
}

/** Returns the labels of a grouping: projects have names, other values are their own label. */
export async function labelsOf({ store }: Pick<ApiContext, 'store'>, grouping: Grouping | undefined): Promise<LabelOf> {
  if (grouping !== 'project') return (key) => key
  const names = new Map((await store.projects()).map(({ id, name }) => [id, name]))
  return (key) => (key === null ? null : (names.get(key) ?? key))
}

function requirePrevious(filter: ApiFilter, now: number): ApiFilter {
  const previous = previousOf(filter, now)
  if (previous !== undefined) return previous
  throw new HttpError('compare requires from, the start of the range', {
    status: 400,
    code: 'missing',
    field: 'from',
    hint: 'Add from, or leave out compare',
  })
}
