import { createRoute, z } from '@hono/zod-openapi'
import { callId } from '@spanledger/core'
import { CALL_SORTS, type CallPage, type CallPageRequest, type StoredCall, type TraceNode } from '@spanledger/store'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { EXPORT_FORMATS, EXPORT_TYPES, exportStream } from '../call-export.ts'
import { billableOf } from '../../export/call-text.ts'
import { toCallView, toContentView } from '../call-view.ts'
import { missing } from '../missing.ts'
import { type ApiFilter, projectOf, readFilter } from '../read-filter.ts'
import { type CallAnswer, callAnswer, callList } from '../schemas/call-answers.ts'
import { filterQuery } from '../schemas/filter.ts'
import { toUsd } from '../schemas/number.ts'
import { MAX_PAGE, paging } from '../schemas/paging.ts'
import { filterText, name } from '../schemas/text.ts'

const listQuery = filterQuery({
  ...paging,
  sort: z.enum(CALL_SORTS).optional().openapi({ default: 'startedAt' }),
  order: z.enum(['desc', 'asc']).optional().openapi({ default: 'desc' }),
  q: filterText.optional().openapi({ description: 'Text to find in model, operation, tool, error, user or session.' }),
  format: z
    .enum(['json', ...EXPORT_FORMATS])
    .optional()
    .openapi({
      description:
        'csv and jsonl return all calls of the filter as one file; csv only billable ones, unless kind or tool is given (kind=all: every call).',
    }),
  content: z
    .enum(['true'])
    .optional()
    .openapi({ description: 'With the format jsonl: each line also has what was kept of prompts and answers.' }),
})

/** Routes of single calls. */
export function callsRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addOne(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/calls',
    summary: 'List calls page by page, or export all of them as a file.',
    request: { query: listQuery },
    responses: {
      200: {
        description: 'A page of calls, or a file.',
        content: {
          'application/json': { schema: callList },
          'text/csv': { schema: z.string() },
          'application/x-ndjson': { schema: z.string() },
        },
      },
      ...refusals(400, 403),
    },
  })
  part.openapi(route, async (c) => {
    const { limit, cursor, sort, order, q, format, content, ...query } = c.req.valid('query')
    const filter = readFilter(c, query)
    const withContent = { content: format === 'jsonl' && content === 'true' }
    const page: CallPageRequest = { limit, cursor, sort, order, q: q === '' ? undefined : q, ...withContent }
    if (format === 'csv' || format === 'jsonl') {
      const isWhole = sort === undefined && order === undefined && page.q === undefined && cursor === undefined
      const found = isWhole ? store.iterate(filter, withContent) : await eachPage(store, filter, page)
      const isOfBillable = format === 'csv' && query['kind'] === undefined && query['tool'] === undefined
      const calls = isOfBillable ? billableOf(found) : found
      c.header('content-type', EXPORT_TYPES[format])
      c.header('content-disposition', `attachment; filename="calls.${format}"`)
      return c.body(exportStream(calls, format))
    }
    const found = await store.calls(filter, page)
    return c.json({ data: found.calls.map(toCallView), next: found.next ?? null }, 200)
  })
}

// Read the first page before the answer begins, so that a refused query does not become half a file.
async function eachPage(
  store: ApiContext['store'],
  filter: ApiFilter,
  page: CallPageRequest,
): Promise<AsyncGenerator<StoredCall>> {
  const readPage = (cursor: string | undefined) => store.calls(filter, { ...page, limit: MAX_PAGE, cursor })
  return callsFrom(await readPage(page.cursor), readPage)
}

async function* callsFrom(
  first: CallPage,
  readPage: (cursor: string) => Promise<CallPage>,
): AsyncGenerator<StoredCall> {
  let page = first
  yield* page.calls
  while (page.next !== undefined) {
    page = await readPage(page.next)
    yield* page.calls
  }
}

function addOne(part: Api, context: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/calls/{id}',
    summary: 'Get a call with its content.',
    request: { params: z.object({ id: name }), query: z.strictObject({}) },
    responses: { ...answers(200, callAnswer, 'The call.'), ...refusals(400, 404) },
  })
  part.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const call = await context.store.call(id)
    const project = projectOf(c)
    // A call of another project is reported as unknown.
    if (call === undefined || (project !== undefined && call.project_id !== project)) {
      throw missing('call', 'Ids have the form TRACEID-SPANID; GET /api/calls lists them')
    }
    const trace = await context.store.trace(call.trace_id)
    const calls = callsOf(trace?.roots ?? []).filter((other) => project === undefined || other.project_id === project)
    return c.json(
      {
        call: { ...toCallView(call), content: call.content === null ? null : toContentView(call.content) },
        price: await priceOf(context, call),
        trace: traceOf(call, calls),
      },
      200,
    )
  })
}

async function priceOf({ prices }: ApiContext, call: StoredCall): Promise<CallAnswer['price']> {
  if (call.billable === 0 || call.provider === null || call.model === null) return null
  const found = (await prices()).find({
    provider: call.provider,
    model: call.model,
    requestModel: call.request_model ?? undefined,
    atMs: call.started_at,
    serviceTier: call.service_tier ?? undefined,
    kind: call.kind,
  })
  if ('reason' in found) return null
  const { source, provider, model, priceVersion: version, price } = found
  return { source, provider, model, version, price: { ...price } }
}

function callsOf(nodes: readonly TraceNode[]): StoredCall[] {
  const calls: StoredCall[] = []
  const waiting = [...nodes]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    calls.push(node.call)
    waiting.push(...node.children)
  }
  return calls
}

function traceOf(call: StoredCall, trace: readonly StoredCall[]): CallAnswer['trace'] {
  const calls = trace.some((other) => callId(other) === callId(call)) ? trace : [...trace, call]
  const costs = calls.flatMap((other) =>
    other.billable === 1 && other.cost_nano_usd !== null ? [other.cost_nano_usd] : [],
  )
  const ends = calls.flatMap((other) => (other.ended_at === null ? [] : [other.ended_at]))
  const costNanoUsd = costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
  return {
    traceId: call.trace_id,
    startedAt: calls.reduce((first, other) => Math.min(first, other.started_at), call.started_at),
    endedAt: ends.length === 0 ? null : ends.reduce((last, end) => Math.max(last, end)),
    calls: calls.filter((other) => other.billable === 1).length,
    toolCalls: calls.filter((other) => other.kind === 'tool').length,
    costNanoUsd,
    costUsd: toUsd(costNanoUsd),
  }
}
