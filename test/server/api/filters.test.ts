import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, numbered, spanIdOf, startApi, type TestApi } from './start-api.ts'

// What each of the four calls is, by the last digit of its id.
const CALLS = [
  numbered(1, {
    model: 'gpt-5-2025',
    user_id: 'ada',
    tags: ['beta'],
    metadata: { tier: 'gold', retries: 2 },
    duration_ms: 900,
    cost_nano_usd: 20_000_000,
    total_tokens: 140,
  }),
  numbered(2, {
    model: 'o3',
    request_model: 'o3',
    user_id: 'heidi',
    tags: ['beta', 'eu'],
    metadata: { tier: 'silver' },
    duration_ms: 2_500,
    cost_nano_usd: 1,
    total_tokens: 7_000,
  }),
  numbered(3, {
    model: null,
    user_id: null,
    tags: null,
    metadata: null,
    duration_ms: 100,
    cost_nano_usd: null,
    total_tokens: null,
  }),
  numbered(4, {
    model: 'gpt-5-2025',
    user_id: '-heidi',
    tags: [],
    metadata: { tier: 'a:b', beta: true },
    duration_ms: null,
    cost_nano_usd: 10_000_000,
    total_tokens: 0,
  }),
]

const CASES: readonly (readonly [string, readonly number[]])[] = [
  ['notUser=heidi', [1, 3, 4]],
  ['notUser=heidi&notUser=', [1, 4]],
  ['user=-heidi', [4]],
  ['notTag=eu', [1, 3, 4]],
  ['notModel=gpt-5-2025', [2]],
  ['notTag=', [1, 2]],
  ['user=ada&user=heidi&notTag=eu', [1]],
  ['minDuration=900', [1, 2]],
  ['minDuration=100&maxDuration=900', [1, 3]],
  ['minCost=0.01', [1, 4]],
  ['maxCost=0.000000001', [2]],
  ['maxCost=0.0000000014', [2]],
  ['minTokens=0', [1, 2, 4]],
  ['minTokens=140&maxTokens=140', [1]],
  ['metadata=tier=gold', [1]],
  ['metadata=tier=gold&metadata=tier=silver', [1, 2]],
  ['metadata=tier=gold&metadata=retries=2', [1]],
  ['metadata=tier=gold&metadata=retries=3', []],
  ['metadata=tier=a:b', [4]],
  ['metadata=beta=true', [4]],
  ['metadata=tier=', [3]],
  ['metadata=tier=gold&metadata=tier=', [1, 3]],
]

describe.each(DATABASES)('filters of the API on $name', ({ create }) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(create)
    await api.store.write(CALLS)
  })
  afterAll(() => api.close())

  test.each(CASES)('%s selects the same calls in a list and in sums', async (query, numbers) => {
    const { data } = await api.get(`/api/calls?${query}`)
    expect(data.map(({ spanId }: Json) => spanId).toSorted()).toEqual(numbers.map(spanIdOf))
    expect(await api.get(`/api/ai-usage/summary?${query}`)).toMatchObject({ totals: { calls: numbers.length } })
  })

  test.each([
    ['minCost=-1', 'minCost', 'must be 0 or more'],
    ['maxDuration=fast', 'maxDuration', /number/],
    ['metadata=tier', 'metadata', 'must be key=value'],
    ['notKind=banana', 'notKind', /model/],
  ])('%s is refused with the name of the parameter', async (query, field, message) => {
    const response = await api.request(`/api/calls?${query}`)
    expect(response.status).toBe(400)
    const { error }: Json = await response.json()
    expect(error).toMatchObject({ field })
    expect(`${error.message} ${error.hint ?? ''}`).toMatch(message)
  })
})
