import { OpenAPIHono } from '@hono/zod-openapi'
import { type ContentPolicy, CONVERTER_VERSION, createContentPolicy } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import type { ServerEnv } from '../http/access.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { PriceSources } from '../prices/price-source.ts'
import type { Api, ApiContext } from './api-context.ts'
import { documentFrame } from './document-frame.ts'
import { createPriceSource } from '../prices/price-source.ts'
import { budgetsRoutes } from './routes/budgets-routes.ts'
import { callsRoutes } from './routes/calls-routes.ts'
import { eventsRoute } from './routes/events-route.ts'
import { healthRoute } from './routes/health-route.ts'
import { overviewRoute } from './routes/overview-route.ts'
import { pricesRoutes } from './routes/prices-routes.ts'
import { projectsRoutes } from './routes/projects-routes.ts'
import { sessionsRoutes } from './routes/sessions-routes.ts'
import { streamRoute } from './routes/stream-route.ts'
import { tracesRoutes } from './routes/traces-routes.ts'
import { usageLogRoutes } from './routes/usage-log-routes.ts'
import { usageRoutes } from './routes/usage-routes.ts'
import { viewsRoutes } from './routes/views-routes.ts'
import type { Health } from './schemas/health.ts'

/** Options of `createApi`. The caller opens and closes store and ingest. */
export interface ApiOptions {
  readonly store: Store
  /** Stores posted logs and reports ingest statistics. */
  readonly ingest: Pick<Ingest, 'write' | 'snapshot'>
  /** Prices in addition to those in the store. */
  readonly prices?: PriceSources | undefined
  /** How much content of a posted log is stored; `preview` by default. */
  readonly content?: ContentPolicy | undefined
  /** Base URL of a Jaeger UI. */
  readonly jaegerUrl?: string | undefined
  /** Returns the state of the journal that this server drains. */
  readonly journal?: (() => Promise<Health['journal']>) | undefined
  /** Returns epoch milliseconds; `Date.now` by default. */
  readonly now?: (() => number) | undefined
  /** Ends all streams; without it each ends when its client disconnects. */
  readonly signal?: AbortSignal | undefined
  readonly live?: Partial<ApiContext['live']> | undefined
  /** Called with errors that can no longer be part of an answer. */
  readonly onError?: ((error: unknown) => void) | undefined
}

const LIVE = { pollMs: 1000, heartbeatMs: 15_000 }

/** Creates `/openapi.json` and the routes below `/api`, except `POST /api/calls`. They refuse with an `HttpError` or the store's `QueryError`. */
export function createApi(options: ApiOptions): Api {
  const { store, ingest, now = Date.now, jaegerUrl, journal = async () => null, onError = () => {} } = options
  const context: ApiContext = {
    store,
    ingest,
    prices: createPriceSource(store, options.prices ?? {}),
    policy: options.content ?? createContentPolicy({ mode: 'preview' }),
    now,
    version: CONVERTER_VERSION,
    journal,
    jaegerUrl: jaegerUrl ?? null,
    signal: options.signal,
    live: { ...LIVE, ...options.live },
    onError,
  }
  const api: Api = new OpenAPIHono<ServerEnv>()
  for (const part of PARTS) api.route('/', part(context))
  documentFrame(api)
  let document: object | undefined
  api.get('/openapi.json', (c) => c.json((document ??= describe(api, context.version))))
  return api
}

const PARTS: readonly ((context: ApiContext) => Api)[] = [
  usageLogRoutes,
  usageRoutes,
  overviewRoute,
  callsRoutes,
  tracesRoutes,
  sessionsRoutes,
  eventsRoute,
  streamRoute,
  projectsRoutes,
  pricesRoutes,
  budgetsRoutes,
  viewsRoutes,
  healthRoute,
]

function describe(api: Api, version: string): object {
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Spanledger',
      version,
      description: 'AI calls: models, tokens, costs, durations and tools.',
    },
    security: [{}, { bearer: [] }],
  })
}
