import type { MiddlewareHandler } from 'hono'
import { type AccessToken, hasValidToken, type ServerEnv } from './access.ts'
import { HttpError } from './http-error.ts'

/** Host names of this machine. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

const BODY_TYPES = /^(?:application\/(?:json|x-ndjson|jsonl|x-protobuf))\s*(?:;|$)/i

export interface OriginOptions {
  /** Allowed values of the `Host` header, without port. */
  readonly hosts: ReadonlySet<string>
  readonly tokens: readonly AccessToken[]
}

/**
 * Refuses requests that a foreign web page could send through a visitor's browser: unknown host names (DNS rebinding),
 * foreign origins, and writes that a form could make. A valid token allows any host name, because a foreign page has none.
 */
export function checkOrigin({ hosts, tokens }: OriginOptions): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    const hasToken = hasValidToken(c.req.header('authorization'), tokens)
    if (!hasToken && !hosts.has(nameOf(host))) throw misdirected(host)
    const origin = c.req.header('origin')
    if (origin !== undefined && !isSame(origin, host)) throw crossOrigin()
    const isWrite = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    if (isWrite && c.req.header('sec-fetch-site') === 'cross-site') throw crossOrigin()
    if (isWrite && hasBody(c.req.raw) && !BODY_TYPES.test(c.req.header('content-type') ?? '')) throw wrongType()
    await next()
  }
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '')
}

function isSame(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

function hasBody(request: Request): boolean {
  const length = request.headers.get('content-length')
  return length !== null ? length !== '0' : request.headers.has('transfer-encoding') || request.method !== 'DELETE'
}

function misdirected(host: string): HttpError {
  return new HttpError(`This server does not answer to the name "${host.slice(0, 255)}"`, {
    status: 421,
    code: 'unknown_host',
    field: 'Host',
    hint: 'Use the address printed at startup, allow the name with serve --allow-host, or send a token',
  })
}

function crossOrigin(): HttpError {
  return new HttpError('Pages from other origins may not call this server', {
    status: 403,
    code: 'foreign_origin',
    field: 'Origin',
  })
}

function wrongType(): HttpError {
  return new HttpError('The content type of the body is not supported', {
    status: 415,
    code: 'unsupported_media_type',
    field: 'Content-Type',
    hint: 'Send application/json, application/x-ndjson or, to /v1/traces, application/x-protobuf',
  })
}
