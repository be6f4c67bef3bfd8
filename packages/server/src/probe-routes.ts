import { Hono } from 'hono'
import type { ServerEnv } from './http/access.ts'
import type { ByteBudget } from './http/byte-budget.ts'
import { HttpError } from './http/http-error.ts'
import type { Ingest } from './ingest/ingest.ts'
import { METRICS_TYPE, metricsText } from './metrics/metrics-text.ts'

export interface ProbeRoutesOptions {
  readonly ingest: Ingest
  readonly budget: ByteBudget
  /** Rejects if the database does not answer. */
  readonly checkDatabase: () => Promise<void>
  readonly startedAt: number
  readonly isClosing: () => boolean
}

const READY_WITHIN_MS = 2_000

/** Probes and metrics: `/healthz`, `/readyz` and `/metrics`. */
export function createProbeRoutes(options: ProbeRoutesOptions): Hono<ServerEnv> {
  const { ingest, budget, startedAt } = options
  const routes = new Hono<ServerEnv>()

  routes.get('/healthz', (c) => c.json({ status: 'ok' }))

  routes.get('/readyz', async (c) => {
    if (options.isClosing()) throw notReady('the server is closing')
    try {
      await within(READY_WITHIN_MS, options.checkDatabase())
    } catch (cause) {
      throw notReady('the database does not answer', cause)
    }
    return c.json({ status: 'ready' })
  })

  routes.get('/metrics', async (c) => {
    const { user, system } = process.cpuUsage()
    const text = metricsText(await ingest.snapshot(), {
      inFlightBytes: budget.used(),
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      startedAt,
    })
    return c.body(text, 200, { 'content-type': METRICS_TYPE })
  })

  return routes
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function notReady(why: string, cause?: unknown): HttpError {
  return new HttpError(`Not ready: ${why}`, { status: 503, code: 'not_ready', retryAfterSeconds: 2, cause })
}
