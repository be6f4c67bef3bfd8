import { QueryError } from '@spanledger/store'
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type AccessToken, requireAccess, type ServerEnv } from './http/access.ts'
import { checkOrigin, LOOPBACK_HOSTS } from './http/check-origin.ts'
import { errorBody, HttpError } from './http/http-error.ts'
import { refusalOfQuery } from './http/refusal-of-query.ts'
import { securityHeaders } from './http/security-headers.ts'
import { refuseTraces } from './otlp/otlp-answer.ts'

export interface AppOptions {
  readonly tokens: readonly AccessToken[]
  /** Host names that the server accepts in addition to those of this machine. */
  readonly hosts: readonly string[]
  /** The parts of the app, in order of precedence. */
  readonly routes: readonly Hono<ServerEnv>[]
  /** Called with errors that are the server's own fault. */
  readonly onError: (error: unknown) => void
}

/** Wraps all routes in access control, origin checks and error answers. */
export function createApp({ tokens, hosts, routes, onError }: AppOptions): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>()
  app.use(securityHeaders())
  app.use(checkOrigin({ hosts: new Set([...LOOPBACK_HOSTS, ...hosts.map((host) => host.toLowerCase())]), tokens }))
  app.use(requireAccess(tokens))
  for (const part of routes) app.route('/', part)
  app.notFound((c) => answerError(c, noSuchRoute(c)))
  app.onError((error, c) => {
    const known = toHttpError(error)
    if (known === undefined) onError(error)
    return answerError(c, known ?? ourFault())
  })
  return app
}

function answerError(c: Context, error: HttpError): Response {
  const { status, retryAfterSeconds } = error.details
  if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds))
  if (status === 401) c.header('www-authenticate', 'Bearer')
  // Do not read the rest of a refused body.
  if (status === 413 || status === 429) c.header('connection', 'close')
  return c.req.path === '/v1/traces' ? refuseTraces(c, status, error.message) : c.json(errorBody(error), status)
}

function toHttpError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error
  if (error instanceof QueryError) return refusalOfQuery(error)
  if (!(error instanceof HTTPException) || error.status >= 500) return undefined
  // Hono reports invalid headers and invalid JSON itself.
  const message = error.message === '' ? 'The request cannot be read' : error.message
  return new HttpError(message, { status: error.status, code: 'invalid_request', cause: error })
}

function ourFault(): HttpError {
  return new HttpError('The request failed on the server', {
    status: 500,
    code: 'internal',
    hint: 'See the server log',
  })
}

function noSuchRoute(c: Context): HttpError {
  return new HttpError(`Nothing is served at ${c.req.method} ${c.req.path.slice(0, 200)}`, {
    status: 404,
    code: 'not_found',
    hint: 'See /openapi.json for all routes',
  })
}
