import { createContentPolicy, type ContentPolicy } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import type { Hono } from 'hono'
import { type ApiOptions, createApi } from './api/create-api.ts'
import { createApp } from './create-app.ts'
import { createDashboardRoutes } from './dashboard-routes.ts'
import type { AccessToken, ServerEnv } from './http/access.ts'
import { createByteBudget } from './http/byte-budget.ts'
import { createIngestRoutes } from './ingest-routes.ts'
import { createIngest } from './ingest/create-ingest.ts'
import type { Ingest } from './ingest/ingest.ts'
import type { PriceSources } from './prices/price-source.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { type Listener, listen, type ListenAddress } from './listen.ts'
import { createProbeRoutes } from './probe-routes.ts'

/** Options of `createServer`. The caller opens and closes the store. */
export interface ServerOptions {
  readonly store: Store
  /** Access tokens. Without any, everyone has all rights, and the server listens on loopback only. */
  readonly tokens?: readonly AccessToken[] | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Host names that the server accepts in addition to `localhost`, such as that of a proxy. */
  readonly hosts?: readonly string[] | undefined
  /** Stores received calls; by default an ingest on this thread. The server closes it. */
  readonly ingest?: Ingest | undefined
  /** How much content of raw spans and posted logs is stored; `preview` by default. A custom `ingest` has its own policy. */
  readonly content?: ContentPolicy | undefined
  /** Prices in addition to those in the store. A custom `ingest` has its own. */
  readonly prices?: PriceSources | undefined
  /** Base URL of a Jaeger UI. */
  readonly jaegerUrl?: string | undefined
  /** Returns the state of the journal that this server drains. */
  readonly journal?: ApiOptions['journal']
  /** How often streams poll for new calls and send heartbeats. */
  readonly live?: ApiOptions['live']
  /** The built dashboard. */
  readonly dashboardFolder?: string | undefined
  /** Returns epoch milliseconds; `Date.now` by default. */
  readonly now?: (() => number) | undefined
  /** Called with errors for the log. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** HTTP over a store. The app is a value: `server.app.request('/healthz')` needs no port. */
export interface Server {
  readonly app: Hono<ServerEnv>
  fetch(request: Request): Response | Promise<Response>
  /** Opens a port. Rejects if it is in use, or if other machines could reach the server without a token. */
  listen(address?: ListenAddress): Promise<Listener>
  /** Stops accepting requests, finishes those in progress, and releases ports and timers. Idempotent. */
  close(): Promise<void>
}

export function createServer(options: ServerOptions): Server {
  const { store, tokens = [], hosts = [], now = Date.now, onError = () => {}, dashboardFolder } = options
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const budget = createByteBudget(limits.inFlightBytes)
  const content = options.content ?? createContentPolicy({ mode: 'preview' })
  const { prices } = options
  const ingest = options.ingest ?? createIngest({ store, content, prices, limits, now, onProblem: onError })
  const streams = new AbortController()
  const listeners = new Set<Listener>()
  let closing: Promise<void> | undefined

  const app = createApp({
    tokens,
    hosts,
    onError,
    routes: [
      createProbeRoutes({
        ingest,
        budget,
        startedAt: now(),
        isClosing: () => closing !== undefined,
        checkDatabase: async () => void (await store.projects()),
      }),
      createIngestRoutes({ ingest, limits, budget }),
      createApi({ ...options, ingest, content, now, onError, signal: streams.signal }),
      ...(dashboardFolder === undefined ? [] : [createDashboardRoutes(dashboardFolder)]),
    ],
  })

  async function closeAll(): Promise<void> {
    // Streams do not end by themselves.
    streams.abort()
    await Promise.all([...listeners].map((listener) => listener.close()))
    await ingest.close()
  }

  return {
    app,
    fetch: (request) => app.fetch(request),
    async listen(address = {}) {
      const listener = await listen(app, { ...address, limits, hasTokens: tokens.length > 0 })
      listeners.add(listener)
      return listener
    },
    close: () => (closing ??= closeAll()),
  }
}
