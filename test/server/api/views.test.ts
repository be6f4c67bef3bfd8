import { hashToken } from '@spanledger/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, startApi, type TestApi } from './start-api.ts'

const TOKENS = {
  admin: 'admin-token-of-at-least-32-characters',
  read: 'read-token-of-at-least-32-characters!',
  blog: 'blog-token-of-at-least-32-characters!',
  shop: 'shop-token-of-at-least-32-characters!',
  ingest: 'ingest-token-of-at-least-32-character',
}
type Who = keyof typeof TOKENS

const as = (who: Who) => ({ authorization: `Bearer ${TOKENS[who]}` })

describe.each(DATABASES)('/api/views on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create, {
      tokens: [
        { hash: hashToken(TOKENS.admin), scope: 'admin' },
        { hash: hashToken(TOKENS.read), scope: 'read' },
        { hash: hashToken(TOKENS.blog), scope: 'read', project: 'blog' },
        { hash: hashToken(TOKENS.shop), scope: 'read', project: 'shop' },
        { hash: hashToken(TOKENS.ingest), scope: 'ingest' },
      ],
    })
  })
  afterEach(() => api.close())

  const save = (who: Who, body: unknown) => api.send('POST', '/api/views', body, as(who))
  const namesFor = async (who: Who) => (await api.get('/api/views', as(who))).data.map(({ name }: Json) => name)

  test('a view of a project is seen by its readers and by who sees every project', async () => {
    expect((await save('admin', { name: 'all', url: '/' })).status).toBe(201)
    expect((await save('read', { name: 'errors', url: '/calls?status=error' })).status).toBe(201)
    const saved: Json = await (await save('blog', { name: 'mine', url: '/calls?user=ada' })).json()
    expect(saved).toMatchObject({ name: 'mine', url: '/calls?user=ada', project: 'blog' })
    expect(await namesFor('blog')).toEqual(['mine'])
    expect(await namesFor('shop')).toEqual([])
    expect(await namesFor('read')).toEqual(['all', 'errors', 'mine'])
  })

  test('nobody deletes what is not shown to them', async () => {
    const { id }: Json = await (await save('blog', { name: 'mine', url: '/' })).json()
    expect((await api.send('DELETE', `/api/views/${id}`, undefined, as('shop'))).status).toBe(404)
    expect((await api.send('DELETE', `/api/views/${id}`, undefined, as('ingest'))).status).toBe(403)
    expect((await api.send('DELETE', `/api/views/${id}`, undefined, as('blog'))).status).toBe(200)
    expect(await namesFor('admin')).toEqual([])
  })

  test.each(['https://example.com/', '//example.com', '/\\example.com', 'javascript:alert(1)', '', 'calls', '/a b'])(
    'the url %j is refused, because it is no page of the dashboard',
    async (url) => {
      const response = await save('read', { name: 'x', url })
      const { error }: Json = await response.json()
      expect({ status: response.status, field: error.field }).toEqual({ status: 400, field: 'url' })
    },
  )

  test('a name that is taken is refused, but another project may use it', async () => {
    await save('blog', { name: 'mine', url: '/' })
    const again = await save('blog', { name: 'mine', url: '/calls' })
    expect(again.status).toBe(409)
    expect((await again.json()).error).toMatchObject({ code: 'conflict', field: 'name' })
    expect((await save('shop', { name: 'mine', url: '/' })).status).toBe(201)
  })
})
