import { hashToken } from '@spanledger/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { goodRequests, NO_JSON, seed } from './every-route.ts'
import { readOpenApi } from './open-api.ts'
import { numbered, startApi, type TestApi } from './start-api.ts'

const TOKENS = {
  admin: 'admin-token-of-at-least-32-characters',
  read: 'read-token-of-at-least-32-characters!',
  blog: 'blog-token-of-at-least-32-characters!',
  ingest: 'ingest-token-of-at-least-32-character',
}

const bearer = (name: keyof typeof TOKENS) => ({ authorization: `Bearer ${TOKENS[name]}` })

describe.each(DATABASES)('tokens on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create, {
      tokens: [
        { hash: hashToken(TOKENS.admin), scope: 'admin' },
        { hash: hashToken(TOKENS.read), scope: 'read' },
        { hash: hashToken(TOKENS.blog), scope: 'read', project: 'blog' },
        { hash: hashToken(TOKENS.ingest), scope: 'ingest' },
      ],
    })
  })
  afterEach(() => api.close())

  test('open each route to their scope only', async () => {
    const good = goodRequests(await seed(api))
    const document = await api.request('/openapi.json', { headers: bearer('admin') })
    const { operations } = await readOpenApi({ ...api, get: async () => document.json() })
    let looked = 0
    for (const { method, path } of operations) {
      const key = `${method} ${path}`
      const request = good[key]
      if (NO_JSON.has(key) || request === undefined || path === '/healthz' || path === '/readyz') continue
      const isIngestRoute = method === 'post' && /^\/(?:v1\/traces|api\/(?:ai[-/]usage|events))$/.test(path)
      const isReading = method === 'get' || path.startsWith('/api/views')
      const needed = isReading ? 'read' : isIngestRoute ? 'ingest' : 'admin'
      const isLetIn = async (headers: Record<string, string>): Promise<boolean> => {
        const init = { method: method.toUpperCase(), headers: { 'content-type': 'application/json', ...headers } }
        return ![401, 403].includes((await api.request(request.path, init)).status)
      }
      expect({
        key,
        nobody: await isLetIn({}),
        reader: await isLetIn(bearer('read')),
        sender: await isLetIn(bearer('ingest')),
      }).toEqual({
        key,
        nobody: false,
        reader: needed === 'read',
        sender: needed === 'ingest',
      })
      looked += 1
    }
    expect(looked).toBeGreaterThan(20)
  })

  test('of one project see nothing of the others', async () => {
    const inSession = { session_id: 's', user_id: 'ada' }
    await api.store.write([
      numbered(1, { ...inSession, project_id: 'blog', operation: 'mine' }),
      numbered(2, { ...inSession, project_id: 'shop', operation: 'SECRET' }, 1),
      numbered(3, { session_id: 'SECRET', project_id: 'shop', model: 'SECRET' }),
      numbered(4, { session_id: 'SECRET', project_id: null, model: 'SECRET' }),
    ])
    const shop = numbered(2, {}, 1)
    for (const path of [
      '/api/ai-usage',
      '/api/ai-usage/summary',
      '/api/ai-usage/timeseries?groupBy=operation',
      '/api/ai-usage/breakdown?groupBy=operation',
      '/api/ai-usage/tools',
      '/api/ai-usage/failures',
      '/api/overview',
      '/api/calls',
      '/api/sessions',
      '/api/sessions/s',
      '/api/projects',
      '/api/budgets',
      `/api/traces?prefix=${shop.trace_id.slice(0, 2)}`,
      `/api/traces/${shop.trace_id}`,
    ]) {
      const answer = JSON.stringify(await api.get(path, bearer('blog')))
      expect({ path, leak: /SECRET|shop/.exec(answer)?.[0] }).toEqual({ path, leak: undefined })
    }
    expect((await api.get('/api/ai-usage/summary', bearer('blog'))).totals.calls).toBe(1)
    for (const path of [`/api/calls/${shop.trace_id}-${shop.span_id}`, '/api/sessions/SECRET']) {
      expect((await api.request(path, { headers: bearer('blog') })).status).toBe(404)
    }
    const other = await api.request('/api/calls?project=shop', { headers: bearer('blog') })
    expect({ status: other.status, field: (await other.json()).error.field }).toEqual({ status: 403, field: 'project' })
  })

  test('that only read see of a webhook where it is, not its secret', async () => {
    await seed(api)
    expect((await api.get('/api/budgets', bearer('read'))).data[0].webhookUrl).toBe('https://hooks.example.com')
    expect((await api.get('/api/budgets', bearer('admin'))).data[0].webhookUrl).toBe('https://hooks.example.com/secret')
  })
})
