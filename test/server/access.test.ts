import { hashToken, type Scope, type ServerOptions } from '@spanledger/server'
import { describe, expect, test } from 'vitest'
import { startServer } from './test-server.ts'

const TOKENS = {
  ingest: 'i'.repeat(32),
  read: 'r'.repeat(32),
  'read of one project': 'p'.repeat(32),
  admin: 'a'.repeat(32),
  unknown: 'u'.repeat(32),
} as const

const KNOWN: ServerOptions['tokens'] = [
  { hash: hashToken(TOKENS.ingest), scope: 'ingest' },
  { hash: hashToken(TOKENS.read), scope: 'read' },
  { hash: hashToken(TOKENS['read of one project']), scope: 'read', project: 'web' },
  { hash: hashToken(TOKENS.admin), scope: 'admin' },
]

const NDJSON = { 'content-type': 'application/x-ndjson' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** Every route that the server itself has, with the scope that it needs. */
const ROUTES: readonly [
  method: string,
  path: string,
  scope: Scope | undefined,
  headers: Record<string, string>,
  body: string | null,
][] = [
  ['GET', '/healthz', undefined, {}, null],
  ['GET', '/readyz', undefined, {}, null],
  ['GET', '/metrics', 'read', {}, null],
  ['GET', '/openapi.json', 'read', {}, null],
  ['POST', '/v1/traces', 'ingest', JSON_TYPE, '{"resourceSpans":[]}'],
  ['POST', '/api/calls', 'ingest', NDJSON, ''],
  ['POST', '/api/ai-usage', 'ingest', JSON_TYPE, '{"operation":"o","model":"m","provider":"p"}'],
  ['GET', '/api/ai-usage', 'read', {}, null],
  ['GET', '/api/ai-usage/summary', 'read', {}, null],
  ['GET', '/api/overview', 'read', {}, null],
  ['GET', '/api/calls', 'read', {}, null],
  ['GET', '/api/projects', 'read', {}, null],
  ['POST', '/api/projects', 'admin', JSON_TYPE, '{"id":"web"}'],
  ['PATCH', '/api/projects/web', 'admin', JSON_TYPE, '{"name":"Web"}'],
  ['PUT', '/api/prices', 'admin', JSON_TYPE, '{}'],
  ['DELETE', '/api/budgets/1', 'admin', {}, null],
  ['GET', '/api/no-such-thing', 'read', {}, null],
  ['POST', '/api/no-such-thing', 'admin', JSON_TYPE, '{}'],
]

const MAY: Readonly<Record<keyof typeof TOKENS, readonly Scope[]>> = {
  ingest: ['ingest'],
  read: ['read'],
  'read of one project': ['read'],
  admin: ['ingest', 'read', 'admin'],
  unknown: [],
}

describe('a token', () => {
  test.each(Object.entries(TOKENS) as [keyof typeof TOKENS, string][])(
    'for %s opens its routes',
    async (name, token) => {
      const { server } = await startServer({ tokens: KNOWN })
      const verdicts = ROUTES.map(async ([method, path, , headers, body]) => {
        const request = { method, body, headers: { host: 'localhost', authorization: `Bearer ${token}`, ...headers } }
        const { status } = await server.app.request(path, request)
        return [`${method} ${path}`, status === 401 || status === 403 ? status : 'open'] as const
      })
      const expected = ROUTES.map(([method, path, scope]) => {
        const isOpen =
          scope === undefined || (MAY[name].includes(scope) && !(name === 'read of one project' && path === '/metrics'))
        return [`${method} ${path}`, isOpen ? 'open' : name === 'unknown' ? 401 : 403] as const
      })
      expect(await Promise.all(verdicts)).toEqual(expected)
    },
  )

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${TOKENS.admin}`,
    TOKENS.admin,
    `Bearer ${TOKENS.admin}x`,
    `Bearer ${TOKENS.admin.slice(1)}`,
    `Bearer ${hashToken(TOKENS.admin)}`,
  ])('%s opens nothing, and every refusal is the same', async (authorization) => {
    const { server } = await startServer({ tokens: KNOWN })
    const headers = { host: 'localhost', ...(authorization === undefined ? {} : { authorization }) }
    const response = await server.app.request('/api/calls', { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toEqual({
      error: {
        code: 'unauthorized',
        field: null,
        message: 'This server requires a valid token',
        hint: 'Send it as "Authorization: Bearer TOKEN"',
      },
    })
  })

  test('in the address opens nothing', async () => {
    const { server } = await startServer({ tokens: KNOWN })
    const response = await server.app.request(`/api/calls?token=${TOKENS.admin}`, { headers: { host: 'localhost' } })
    expect(response.status).toBe(401)
  })
})

describe('an address', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1'])('%s that others can reach is not opened without a token', async (host) => {
    const { server } = await startServer()
    await expect(server.listen({ host, port: 0 })).rejects.toThrow(/needs a token/)
  })

  test('that others can reach is opened with one', async () => {
    const { server } = await startServer({ tokens: KNOWN })
    const { port } = await server.listen({ host: '0.0.0.0', port: 0 })
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { authorization: `Bearer ${TOKENS.read}` },
    })
    expect(response.status).toBe(200)
  })
})

describe('a request through somebody’s browser', () => {
  const WRITE = { method: 'POST', body: '{"resourceSpans":[]}' }

  test.each([
    ['localhost:4319', 200],
    ['127.0.0.1', 200],
    ['[::1]:4319', 200],
    ['LOCALHOST:1', 200],
    ['ledger.example.com', 200],
    ['evil.example', 421],
    ['localhost.evil.example:4319', 421],
    ['127.0.0.1.evil.example', 421],
    ['', 421],
  ])('to the name %j: %i', async (host, status) => {
    const { server } = await startServer({ hosts: ['Ledger.example.com'] })
    expect((await server.app.request('/readyz', { headers: { host } })).status).toBe(status)
  })

  test('to a foreign name is answered if it has a token', async () => {
    const { server } = await startServer({ tokens: KNOWN })
    const request = async (headers: Record<string, string>) => server.app.request('/metrics', { headers })
    expect((await request({ host: 'ledger.internal' })).status).toBe(421)
    expect((await request({ host: 'ledger.internal', authorization: `Bearer ${TOKENS.read}` })).status).toBe(200)
  })

  test.each([
    ['http://localhost:4319', undefined, 200],
    ['http://localhost:4319', 'same-origin', 200],
    ['http://localhost:5173', undefined, 403],
    ['https://evil.example', undefined, 403],
    ['null', undefined, 403],
    ['', undefined, 403],
    [undefined, 'cross-site', 403],
    [undefined, undefined, 200],
  ])('from %s (%s): %i', async (origin, site, status) => {
    const { server } = await startServer()
    const headers: Record<string, string> = { host: 'localhost:4319', ...JSON_TYPE }
    if (origin !== undefined) headers['origin'] = origin
    if (site !== undefined) headers['sec-fetch-site'] = site
    expect((await server.app.request('/v1/traces', { ...WRITE, headers })).status).toBe(status)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'with a body of type %j is no write',
    async (type) => {
      const { server } = await startServer()
      const request = { ...WRITE, headers: { host: 'localhost', 'content-type': type } }
      for (const path of ['/v1/traces', '/api/calls', '/api/projects', '/api/ai-usage']) {
        expect((await server.app.request(path, request)).status).toBe(415)
      }
    },
  )

  test('finds no CORS, and on every answer the headers that keep a page in its place', async () => {
    const { server } = await startServer()
    for (const path of ['/healthz', '/metrics', '/nowhere', '/v1/traces', '/openapi.json']) {
      const { headers } = await server.app.request(path, { headers: { host: 'localhost', origin: 'http://localhost' } })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; .*require-trusted-types-for 'script'$/,
      )
    }
  })
})
