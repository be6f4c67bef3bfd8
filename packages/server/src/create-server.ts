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
import type { PriceSources } from './ingest/live-prices.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { type Listener, listen, type ListenAddress } from './listen.ts'
import { createProbeRoutes } from './probe-routes.ts'

/** What a server is made of. Whoever makes one opens and closes the store. */
export interface ServerOptions {
  readonly store: Store
  /** Who may ask what. Without any, everybody may do everything, and the server listens on this machine only. */
  readonly tokens?: readonly AccessToken[] | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Names beside `localhost` that the server is asked by, such as that of a proxy. */
  readonly hosts?: readonly string[] | undefined
  /** Takes what arrives; one on this thread if none is given. The server closes it. */
  readonly ingest?: Ingest | undefined
  /** What is kept of the words in raw spans and posted logs; `preview` if none is given. An ingest of yours has its own. */
  readonly content?: ContentPolicy | undefined
  /** Prices beside those in the store; the ingest has its own. */
  readonly prices?: PriceSources | undefined
  /** Where Jaeger shows traces. */
  readonly jaegerUrl?: string | undefined
  /** How the journal stands that this server drains. */
  readonly journal?: ApiOptions['journal']
  /** How often streams look for new calls. */
  readonly live?: ApiOptions['live']
  /** The built dashboard. */
  readonly dashboardFolder?: string | undefined
  /** Gives epoch milliseconds; the clock of this machine if not given. */
  readonly now?: (() => number) | undefined
  /** Told what goes wrong, for the log. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** HTTP over a store. The app is a value: `server.app.request('/healthz')` needs no port. */
export interface Server {
  readonly app: Hono<ServerEnv>
  fetch(request: Request): Response | Promise<Response>
  /** Opens a port. Rejects if it is taken, or if others could reach the server and no token is set. */
  listen(address?: ListenAddress): Promise<Listener>
  /** Takes no more requests, finishes those it has, and lets go of ports and timers. Idempotent. */
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
    // They would not end by themselves.
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
