import { type Context, Hono } from 'hono'
import type { ServerEnv } from './http/access.ts'
import type { ByteBudget } from './http/byte-budget.ts'
import { HttpError } from './http/http-error.ts'
import { readBody } from './http/read-body.ts'
import type { Ingest, Refused } from './ingest/ingest.ts'
import type { Limits } from './limits.ts'
import { answerTraces, formatOf } from './otlp/otlp-answer.ts'

export interface IngestRoutesOptions {
  readonly ingest: Ingest
  readonly limits: Limits
  readonly budget: ByteBudget
}

/** The routes that receive calls: `POST /v1/traces` and `POST /api/calls`. */
export function createIngestRoutes({ ingest, limits, budget }: IngestRoutesOptions): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>()

  routes.post('/v1/traces', async (c) => {
    const format = formatOf(c.req.header('content-type'))
    if (format === undefined) throw wrongType('application/x-protobuf or application/json')
    const body = await readBody(c, { limits, budget })
    try {
      const outcome = await ingest.spans(body.bytes, format)
      if (outcome.kind !== 'stored') throw errorOf(outcome)
      return answerTraces(c, format, { rejected: outcome.rejected, message: sentenceOf(outcome.reasons) })
    } finally {
      body.release()
    }
  })

  routes.all('/v1/traces', (c) => {
    c.header('allow', 'POST')
    throw new HttpError(`Traces must be sent with POST, not ${c.req.method}`, {
      status: 405,
      code: 'method_not_allowed',
    })
  })

  routes.post('/api/calls', async (c) => {
    if (!isLines(c)) throw wrongType('application/x-ndjson or application/json, one call per line')
    const body = await readBody(c, { limits, budget })
    try {
      const outcome = await ingest.lines(body.bytes)
      if (outcome.kind !== 'stored') throw errorOf(outcome)
      const { stored, deduplicated, rejected } = outcome
      return c.json({ stored, deduplicated, rejected })
    } finally {
      body.release()
    }
  })

  return routes
}

function isLines(c: Context): boolean {
  return /^application\/(?:x-ndjson|jsonl|json)\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')
}

function wrongType(expected: string): HttpError {
  return new HttpError('The content type of the body is not supported', {
    status: 415,
    code: 'unsupported_media_type',
    field: 'Content-Type',
    hint: `Send ${expected}`,
  })
}

function errorOf(refused: Refused): HttpError {
  if (refused.kind === 'malformed') {
    return new HttpError(`The body cannot be read: ${refused.message}`, { status: 400, code: 'malformed_body' })
  }
  // The database error may name paths and tables, so it only goes to the server log.
  return new HttpError('The database cannot store calls at the moment', {
    status: 503,
    code: 'unavailable',
    hint: 'Retry after the time in Retry-After',
    retryAfterSeconds: 2,
  })
}

const MOST_REASONS = 5

function sentenceOf(reasons: Readonly<Record<string, number>>): string {
  return Object.entries(reasons)
    .slice(0, MOST_REASONS)
    .map(([reason, count]) => `${count}: ${reason}`)
    .join('; ')
}
