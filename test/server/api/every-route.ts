import { call } from '../../builders.ts'
import { buildContent } from '../../core/build-call.ts'
import { NOW, numbered, type TestApi } from './start-api.ts'

const HOUR = 3_600_000

/** Ids that a test of every route asks for. */
export interface Seed {
  readonly callId: string
  readonly traceId: string
  readonly budgetId: string
  readonly viewId: string
}

/** A little of everything: an agent with a tool that failed, a chat in a session, an event, a budget, a price. */
export async function seed({ store }: TestApi): Promise<Seed> {
  await store.ensureProject({ id: 'shop', name: 'The shop' })
  const who = { project_id: 'shop', user_id: 'ada', session_id: 's-1', tags: ['beta', 'eu'], environment: 'test' }
  const at = { started_at: NOW - 2 * HOUR, ended_at: NOW - 2 * HOUR + 900 }
  const run = numbered(1, {
    ...who,
    ...at,
    kind: 'run',
    billable: 0,
    operation: 'plan',
    cost_nano_usd: null,
    cost_source: null,
  })
  const inRun = { ...who, ...at, run_id: run.span_id, parent_span_id: run.span_id, operation: 'plan' }
  await store.write([
    run,
    numbered(
      2,
      {
        ...inRun,
        content: buildContent({ question: 'How much?', answer: 'Little.', output_messages: [{ role: 'assistant' }] }),
      },
      1,
    ),
    numbered(
      3,
      { ...inRun, kind: 'tool', billable: 0, tool_name: 'search', status: 'error', error_message: 'no net' },
      1,
    ),
    numbered(4, { ...inRun, kind: 'tool', billable: 0, tool_name: 'search' }, 1),
    numbered(5, {
      started_at: NOW - 26 * HOUR,
      model: 'unheard-of',
      cost_nano_usd: null,
      cost_source: null,
      cost_reason: 'unknown_model',
    }),
    numbered(6, { started_at: NOW - HOUR, status: 'error', error_message: 'overloaded', time_to_first_token_ms: 80 }),
  ])
  await store.writeEvents([
    {
      id: 'e-1',
      name: 'chat_interaction',
      occurredAt: NOW - HOUR,
      userId: 'ada',
      sessionId: 's-1',
      properties: { steps: 2 },
    },
  ])
  await store.changePrices(() => ({
    schema: 1,
    prices: [{ provider: 'openai', model: 'house-model', per_mtok: { input: '1' } }],
  }))
  const budget = await store.createBudget({
    name: 'all of it',
    scope: {},
    period: 'month',
    tz: 'UTC',
    limitNanoUsd: 1_000_000_000,
    webhookUrl: 'https://hooks.example.com/secret',
  })
  const answer = numbered(2, {}, 1)
  const { id: viewId } = await store.saveView({ name: 'errors', url: '/calls?status=error', projectId: null })
  return { viewId, callId: `${answer.trace_id}-${answer.span_id}`, traceId: answer.trace_id, budgetId: budget.id }
}

/** A request of each route that is answered with success. */
export interface GoodRequest {
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly status?: number
}

/** By method and path of the document. A route that is missing here fails the test that walks over all of them. */
export function goodRequests({ callId, traceId, budgetId, viewId }: Seed): Readonly<Record<string, GoodRequest>> {
  const log = {
    operation: 'summarize',
    model: 'gpt-5',
    provider: 'openai',
    inputTokens: 5,
    projectId: 'shop',
    requestId: 'r',
  }
  const usage = (base: string): Record<string, GoodRequest> => ({
    [`get ${base}`]: { path: base },
    [`post ${base}`]: {
      path: base,
      body: { ...log, toolCallsJson: [{ name: 'a' }], responseMetadata: { b: 1 } },
      status: 201,
    },
    [`get ${base}/summary`]: { path: `${base}/summary?from=2026-11-20&compare=previous` },
    [`get ${base}/timeseries`]: { path: `${base}/timeseries?from=2026-11-20&groupBy=model&compare=previous` },
    [`get ${base}/breakdown`]: { path: `${base}/breakdown?from=2026-11-20&groupBy=project&compare=previous` },
    [`get ${base}/tools`]: { path: `${base}/tools` },
    [`get ${base}/failures`]: { path: `${base}/failures` },
  })
  return {
    ...usage('/api/ai-usage'),
    ...usage('/api/ai/usage'),
    'get /api/overview': { path: '/api/overview?from=2026-11-20' },
    'get /api/calls': { path: '/api/calls' },
    'get /api/calls/{id}': { path: `/api/calls/${callId}` },
    'get /api/traces': { path: `/api/traces?prefix=${traceId.slice(0, 4)}` },
    'get /api/traces/{traceId}': { path: `/api/traces/${traceId}` },
    'get /api/sessions': { path: '/api/sessions' },
    'get /api/sessions/{id}': { path: '/api/sessions/s-1' },
    'get /api/events': { path: '/api/events' },
    'post /api/events': {
      path: '/api/events',
      body: { id: 'e-2', name: 'chat_interaction', occurredAt: NOW, userId: 'ada', properties: { steps: [1] } },
      status: 201,
    },
    'get /api/projects': { path: '/api/projects' },
    'post /api/projects': { path: '/api/projects', body: { id: 'blog', name: 'The blog' }, status: 201 },
    'patch /api/projects/{id}': { path: '/api/projects/shop', body: { name: 'The new shop' } },
    'get /api/prices': { path: '/api/prices?limit=20' },
    'put /api/prices': {
      path: '/api/prices',
      body: {
        provider: 'openai',
        model: 'my-model',
        from: '2026-01-01',
        to: '2027-01-01',
        tier: 'flex',
        per_mtok: { input: '1', output: '2.5' },
        above: [{ input_gt: 200_000, per_mtok: { input: '2' } }],
        per_unit: { request: '0.01' },
        discount: '0.9',
      },
    },
    'delete /api/prices': { path: '/api/prices?provider=openai&model=house-model' },
    'post /api/prices/reprice': {
      path: '/api/prices/reprice',
      body: { filter: { model: ['gpt-5', null], from: '2026-01-01', to: NOW, tz: 'Europe/Berlin' }, write: true },
    },
    'get /api/budgets': { path: '/api/budgets' },
    'post /api/budgets': {
      path: '/api/budgets',
      body: {
        name: 'shop',
        scope: { project: 'shop', tag: ['beta'] },
        period: 'week',
        tz: 'Asia/Kolkata',
        limitUsd: 5,
        webhookUrl: 'https://hooks.example.com/x',
      },
      status: 201,
    },
    'delete /api/budgets/{id}': { path: `/api/budgets/${budgetId}` },
    'get /api/views': { path: '/api/views' },
    'post /api/views': { path: '/api/views', body: { name: 'gold', url: '/calls?metadata=tier%3Dgold' }, status: 201 },
    'delete /api/views/{id}': { path: `/api/views/${viewId}` },
    'get /api/health': { path: '/api/health' },
    'get /healthz': { path: '/healthz' },
    'get /readyz': { path: '/readyz' },
    'post /v1/traces': { path: '/v1/traces', body: { resourceSpans: [] } },
  }
}

/** Routes whose answers are no JSON; tests of their own look at them. */
export const NO_JSON = new Set(['get /api/stream', 'get /metrics', 'post /api/calls'])

/** A call as a line of `POST /api/calls`. */
export const CALL_LINE = JSON.stringify(call())
