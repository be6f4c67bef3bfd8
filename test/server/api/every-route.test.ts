import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { goodRequests, NO_JSON, type Seed, seed } from './every-route.ts'
import { readOpenApi } from './open-api.ts'
import { startApi, type TestApi } from './start-api.ts'

// Hundreds of requests.
const TIMEOUT_MS = 180_000

describe.each(DATABASES)('every route of /openapi.json on $name', ({ create }) => {
  let api: TestApi
  let seeded: Seed
  beforeEach(async () => {
    api = await startApi(create)
    seeded = await seed(api)
  })
  afterEach(() => api.close())

  test('answers as its schema says', { timeout: TIMEOUT_MS }, async () => {
    const { operations, problemsOf } = await readOpenApi(api)
    const good = goodRequests(seeded)
    expect(operations.length).toBeGreaterThan(25)
    for (const operation of operations) {
      const key = `${operation.method} ${operation.path}`
      if (NO_JSON.has(key)) continue
      const request = good[key]
      expect({ key, request }).toEqual({ key, request: expect.anything() })
      const { path, body, status = 200 } = request!
      const response =
        body === undefined
          ? await api.request(path, { method: operation.method.toUpperCase() })
          : await api.send(operation.method.toUpperCase(), path, body)
      const answer: unknown = await response.json()
      expect({ key, status: response.status, problems: problemsOf(operation, response.status, answer) }).toEqual({
        key,
        status,
        problems: [],
      })
    }
  })

  test('answers each of its parameters', { timeout: TIMEOUT_MS }, async () => {
    const { operations, problemsOf } = await readOpenApi(api)
    const good = goodRequests(seeded)
    for (const operation of operations) {
      const key = `${operation.method} ${operation.path}`
      if (operation.method !== 'get' || NO_JSON.has(key)) continue
      for (const { name, in: place, schema } of operation.parameters) {
        if (place !== 'query' || name === 'cursor' || name === 'format') continue
        const [path, query] = good[key]!.path.split('?')
        const parameters = new URLSearchParams(query)
        parameters.set(name, VALUES[name] ?? schema.enum?.at(-1) ?? 'shop')
        if (name === 'compare') parameters.set('from', '2026-11-20')
        const response = await api.request(`${path}?${parameters}`)
        const answer: unknown = await response.json()
        expect({
          key,
          name,
          problems: problemsOf(operation, response.status, answer),
          status: response.status,
        }).toEqual({ key, name, problems: [], status: 200 })
      }
    }
  })
})

const VALUES: Readonly<Record<string, string>> = {
  prefix: '0af',
  from: '2026-11-20T00:00:00+05:30',
  to: '1795348800000',
  tz: 'Asia/Kathmandu',
  kind: 'model',
  notKind: 'model',
  status: 'ok',
  notStatus: 'ok',
  minDuration: '0.5',
  maxDuration: '1000',
  minCost: '0.01',
  maxCost: '2',
  minTokens: '1',
  maxTokens: '1000',
  metadata: 'tier=gold',
  limit: '7',
  bucket: '6h',
  compare: 'previous',
}
