import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, NOW, startApi, type TestApi } from './start-api.ts'

describe.each(DATABASES)('events on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create)
  })
  afterEach(() => api.close())

  test('are stored once, and given back the last one first', async () => {
    const event = { id: 'e-1', name: 'chat_interaction', userId: 'ada', sessionId: 's', properties: { steps: 2 } }
    for (let time = 0; time < 2; time += 1) expect((await api.send('POST', '/api/events', event)).status).toBe(201)
    await api.send('POST', '/api/events', { name: 'thumbs_up', occurredAt: NOW - 1000 })
    const { data, next } = await api.get('/api/events')
    expect(next).toBeNull()
    expect(data).toEqual([
      { ...event, occurredAt: NOW, projectId: null, traceId: null, createdAt: expect.any(Number) },
      expect.objectContaining({ name: 'thumbs_up', occurredAt: NOW - 1000, userId: null, properties: {} }),
    ])
    expect((await api.get('/api/events?user=ada&name=chat_interaction')).data).toEqual([data[0]])
    expect((await api.get(`/api/events?to=${NOW}`)).data).toEqual([data[1]])
  })

  test('are paged without a gap', async () => {
    for (let number = 0; number < 9; number += 1) {
      await api.send('POST', '/api/events', { id: `e-${number}`, name: 'x', occurredAt: NOW - (number % 3) * 1000 })
    }
    const seen: string[] = []
    let cursor = ''
    do {
      const page: Json = await api.get(`/api/events?limit=2${cursor}`)
      seen.push(...page.data.map(({ id }: Json) => id))
      cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
    } while (cursor !== '')
    expect(seen.toSorted()).toEqual(Array.from({ length: 9 }, (_, number) => `e-${number}`))
  })

  test('keep no secrets', async () => {
    const key = `sk-proj-${'aB3dE5fG7hJ9'.repeat(4)}`
    await api.send('POST', '/api/events', { name: 'x', properties: { key, deep: { key } } })
    expect(JSON.stringify(await api.get('/api/events'))).not.toContain(key)
  })
})
