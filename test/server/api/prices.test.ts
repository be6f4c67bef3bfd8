import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, numbered, startApi, type TestApi } from './start-api.ts'

const PRICE = { provider: 'openai', model: 'house-model', per_mtok: { input: '10', output: '20' } }

describe.each(DATABASES)('prices and projects on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create)
  })
  afterEach(() => api.close())

  test('one of your own stands before the list, and gives way to a new one for the same calls', async () => {
    expect((await api.send('PUT', '/api/prices', PRICE)).status).toBe(200)
    await api.send('PUT', '/api/prices', {
      ...PRICE,
      provider: 'OpenAI',
      model: 'House-Model',
      per_mtok: { input: '5' },
    })
    const { data } = await api.get('/api/prices?limit=3')
    expect(data[0]).toMatchObject({ source: 'custom', provider: 'openai', price: { per_mtok: { input: '5' } } })
    expect(data[1].source).toBe('list')
    expect((await api.get('/api/prices?source=custom')).data).toHaveLength(1)
  })

  test('are paged', async () => {
    const all = (await api.get('/api/prices?q=gpt-4')).data
    const seen: Json[] = []
    let cursor: string | null = '0'
    while (cursor !== null) {
      const page: Json = await api.get(`/api/prices?q=GPT-4&limit=7&cursor=${cursor}`)
      seen.push(...page.data)
      cursor = page.next
    }
    expect(seen).toEqual(all)
    expect(all.length).toBeGreaterThan(7)
  })

  test('can be taken away', async () => {
    await api.send('PUT', '/api/prices', PRICE)
    await api.send('PUT', '/api/prices', { ...PRICE, tier: 'flex' })
    const remove = (query: string) =>
      api.request(`/api/prices?provider=openai&model=house-model${query}`, { method: 'DELETE' })
    expect((await (await remove('&tier=')).json()).removed).toEqual([PRICE])
    expect((await (await remove('')).json()).removed).toEqual([{ ...PRICE, tier: 'flex' }])
    expect((await remove('')).status).toBe(404)
  })

  test.each([
    [{ ...PRICE, per_mtok: { input: 5 } }, 400],
    [{ ...PRICE, per_mtok: { input: '-5' } }, 400],
    [{ ...PRICE, per_mtok: { imput: '5' } }, 400],
    [{ ...PRICE, from: '2026-02-30' }, 400],
    [{ ...PRICE, provider: undefined }, 400],
    [{ provider: 'openai', model: 'x' }, 422],
    [{ ...PRICE, alias_of: 'openai/gpt-5' }, 422],
    [{ ...PRICE, from: '2026-02-01', to: '2026-01-01' }, 422],
  ])('%j is refused', async (price, status) => {
    const response = await api.send('PUT', '/api/prices', price)
    expect(response.status).toBe(status)
    expect((await api.store.customPrices()).prices).toEqual([])
  })

  test.each([
    [{ provider: 'openai', model: 'x' }, 'Not a price: no price; write per_mtok, per_unit, alias_of or discount'],
    [
      { ...PRICE, from: '2026-02-01', to: '2026-01-01' },
      'Not a price: to: "2026-01-01" is not after from ("2026-02-01"); to is the first day without this price',
    ],
    [
      { provider: 'openai', model: 'x', per_unit: { second: '1', hour: '1' } },
      'Not a price: per_unit: time is priced twice; keep only one of second, hour',
    ],
  ])('%j is refused by the field as it stands in the body', async (price, message) => {
    const response = await api.send('PUT', '/api/prices', price)
    expect(await response.json()).toEqual({ error: { code: 'invalid_price', field: null, message, hint: null } })
  })

  test('a price that ties with another one is refused by its place among all', async () => {
    await api.send('PUT', '/api/prices', { ...PRICE, model: 'tie-*' })
    const response = await api.send('PUT', '/api/prices', { ...PRICE, model: '*-tie' })
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 422,
      body: {
        error: {
          code: 'invalid_price',
          field: null,
          message:
            'Not a price: prices[1]: matches as well as prices[0] ("tie-*"); give one of them a longer model or a different from',
          hint: null,
        },
      },
    })
    await api.request('/api/prices?provider=openai&model=tie-*', { method: 'DELETE' })
  })

  test('calls are priced anew when asked, and only told about before that', async () => {
    const call = {
      model: 'house-model',
      request_model: 'house-model',
      input_tokens: 1000,
      output_tokens: 100,
      cache_read_tokens: 0,
    }
    await api.store.write([
      numbered(1, { ...call, cost_nano_usd: null, cost_source: null, cost_reason: 'unknown_model' }),
      numbered(2, { ...call, cost_nano_usd: 7, cost_source: 'reported' }),
      numbered(3),
    ])
    await api.send('PUT', '/api/prices', PRICE)
    const ask = async (write: boolean) =>
      (await api.send('POST', '/api/prices/reprice', { filter: { model: 'house-model' }, write })).json()
    const outcome = { changed: 1, beforeNanoUsd: null, afterNanoUsd: 12_000_000 }
    expect(await ask(false)).toMatchObject({
      write: false,
      ...outcome,
      byModel: [{ provider: 'openai', model: 'house-model', ...outcome }],
    })
    expect((await api.get('/api/ai-usage/summary?model=house-model')).totals.costNanoUsd).toBe(7)
    expect(await ask(true)).toMatchObject({ write: true, ...outcome })
    expect((await api.get('/api/ai-usage/summary?model=house-model')).totals.costNanoUsd).toBe(12_000_007)
    expect(await ask(true)).toMatchObject({ changed: 0 })
  })

  test('projects are made once, renamed, and listed', async () => {
    const made = await api.send('POST', '/api/projects', { id: 'shop', name: 'Shop' })
    expect({ status: made.status, body: await made.json() }).toMatchObject({
      status: 201,
      body: { id: 'shop', name: 'Shop' },
    })
    expect((await api.send('POST', '/api/projects', { id: 'shop' })).status).toBe(409)
    expect((await api.send('PATCH', '/api/projects/shop', { name: 'The shop' })).status).toBe(200)
    expect((await api.send('PATCH', '/api/projects/none', { name: 'x' })).status).toBe(404)
    expect((await api.send('PATCH', '/api/projects/shop', {})).status).toBe(400)
    expect((await api.get('/api/projects')).data).toEqual([
      { id: 'shop', name: 'The shop', createdAt: expect.any(Number) },
    ])
  })
})
