import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { HttpError } from './http-error.ts'

/** What a token is good for: `ingest` writes calls, `read` asks, `admin` does both and changes projects, prices, budgets. */
export type Scope = 'ingest' | 'read' | 'admin'

/** A token as a server keeps it. */
export interface AccessToken {
  /** SHA-256 of the token, hex: what is stored does not open anything. */
  readonly hash: string
  readonly scope: Scope
  /** A reader of one project sees nothing of the others. */
  readonly project?: string | undefined
}

/** Who asks. Routes find it as `c.var.access`. */
export interface Access {
  readonly scope: Scope
  /** The only project that may be seen; all of them if there is none. */
  readonly project?: string | undefined
}

/** What the app puts on every request's context. */
export interface ServerEnv {
  Variables: { access: Access }
}

/** The shortest token that is taken where others can reach the server. */
export const MIN_TOKEN_LENGTH = 32

const OPEN = new Set(['/healthz', '/readyz'])
const INGEST = new Set(['/v1/traces', '/api/calls', '/api/ai-usage', '/api/ai/usage', '/api/events'])
const EVERYTHING: Access = { scope: 'admin' }

/** A token as it is kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** What a request needs: nothing for a probe or a page, one scope for everything else. */
export function scopeFor(method: string, path: string): Scope | undefined {
  const isReading = method === 'GET' || method === 'HEAD'
  if (isReading && (OPEN.has(path) || isPage(path))) return undefined
  if (method === 'POST' && INGEST.has(path)) return 'ingest'
  return isReading ? 'read' : 'admin'
}

/**
 * Lets a request through if its token is good for it. Without any tokens everybody may do everything, which is for
 * loopback only.
 */
export function requireAccess(tokens: readonly AccessToken[]): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const scope = scopeFor(c.req.method, c.req.path)
    const access = tokens.length === 0 ? EVERYTHING : accessOf(c.req.header('authorization'), tokens)
    if (access === undefined && scope !== undefined) throw unauthorized()
    if (access !== undefined && scope !== undefined && !isAllowed(access, scope, c.req.path)) throw forbidden(scope)
    c.set('access', access ?? { scope: 'read' })
    await next()
  }
}

/** Whether a request carries one of the tokens. */
export function hasValidToken(authorization: string | undefined, tokens: readonly AccessToken[]): boolean {
  return accessOf(authorization, tokens) !== undefined
}

// The dashboard's files hold no data, and a browser cannot send a token for the first of them.
function isPage(path: string): boolean {
  return !/^\/(?:api|v1)(?:\/|$)/.test(path) && path !== '/metrics' && path !== '/openapi.json'
}

function accessOf(authorization: string | undefined, tokens: readonly AccessToken[]): Access | undefined {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  const given = createHash('sha256').update(token).digest()
  let found: AccessToken | undefined
  // All of them, always: how long it takes tells nothing about which one is close.
  for (const known of tokens) {
    const hash = Buffer.from(known.hash, 'hex')
    if (hash.length === given.length && timingSafeEqual(hash, given)) found = known
  }
  return found === undefined ? undefined : { scope: found.scope, project: found.project }
}

// Metrics tell about all projects together.
function isAllowed(access: Access, scope: Scope, path: string): boolean {
  if (access.scope !== 'admin' && access.scope !== scope) return false
  return access.project === undefined || (scope === 'read' && path !== '/metrics')
}

function unauthorized(): HttpError {
  return new HttpError('This server requires a valid token', {
    status: 401,
    code: 'unauthorized',
    hint: 'Send it as "Authorization: Bearer TOKEN"',
  })
}

function forbidden(scope: Scope): HttpError {
  return new HttpError(`This request needs a token with the scope "${scope}"`, {
    status: 403,
    code: 'forbidden',
    hint: `Use a token with the scope "${scope}" or "admin"`,
  })
}
