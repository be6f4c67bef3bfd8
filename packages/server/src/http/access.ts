import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { HttpError } from './http-error.ts'

/** What a token allows: `ingest` writes calls, `read` queries them and saves views, `admin` does both and changes projects, prices and budgets. */
export type Scope = 'ingest' | 'read' | 'admin'

/** A token as the server stores it. */
export interface AccessToken {
  /** SHA-256 of the token in hex, so that a leaked configuration grants no access. */
  readonly hash: string
  readonly scope: Scope
  /** Restricts the token to one project. */
  readonly project?: string | undefined
}

/** The rights of a request. Routes read them from `c.var.access`. */
export interface Access {
  readonly scope: Scope
  /** The only visible project; all projects if undefined. */
  readonly project?: string | undefined
}

/** What the app adds to the context of each request. */
export interface ServerEnv {
  Variables: { access: Access }
}

/** The shortest token accepted when other machines can reach the server. */
export const MIN_TOKEN_LENGTH = 32

const OPEN = new Set(['/healthz', '/readyz'])
const INGEST = new Set(['/v1/traces', '/api/calls', '/api/ai-usage', '/api/ai/usage', '/api/events'])
const EVERYTHING: Access = { scope: 'admin' }

/** Returns the hash under which a token is stored. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Returns the scope that a request needs; undefined for probes and pages. */
export function scopeFor(method: string, path: string): Scope | undefined {
  const isReading = method === 'GET' || method === 'HEAD'
  if (isReading && (OPEN.has(path) || isPage(path))) return undefined
  if (method === 'POST' && INGEST.has(path)) return 'ingest'
  // Saving a view changes nothing but the list of views.
  if (/^\/api\/views(?:\/|$)/.test(path)) return 'read'
  return isReading ? 'read' : 'admin'
}

/** Refuses requests without a sufficient token. Without any tokens everyone has all rights; use that on loopback only. */
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

/** Returns whether an `Authorization` header carries one of the tokens. */
export function hasValidToken(authorization: string | undefined, tokens: readonly AccessToken[]): boolean {
  return accessOf(authorization, tokens) !== undefined
}

// The dashboard's files contain no data, and a browser cannot send a token for the first of them.
function isPage(path: string): boolean {
  return !/^\/(?:api|v1)(?:\/|$)/.test(path) && path !== '/metrics' && path !== '/openapi.json'
}

function accessOf(authorization: string | undefined, tokens: readonly AccessToken[]): Access | undefined {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  const given = createHash('sha256').update(token).digest()
  let found: AccessToken | undefined
  // Always compare all tokens, so that timing does not reveal a near match.
  for (const known of tokens) {
    const hash = Buffer.from(known.hash, 'hex')
    if (hash.length === given.length && timingSafeEqual(hash, given)) found = known
  }
  return found === undefined ? undefined : { scope: found.scope, project: found.project }
}

// Metrics cover all projects.
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
