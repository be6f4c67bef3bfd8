import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, numbered, spanIdOf, startApi, type TestApi } from './start-api.ts'

interface Event {
  readonly id: number
  readonly call: Json
}

describe.each(DATABASES)('GET /api/stream on $name', ({ create }) => {
  let api: TestApi
  const clients: Client[] = []
  beforeEach(async () => {
    api = await startApi(create, { live: { pollMs: 20, heartbeatMs: 50 } })
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.leave()
    await api.close()
  })

  async function follow(query = '', lastEventId?: string): Promise<Client> {
    const client = await connect(api, query, lastEventId)
    clients.push(client)
    return client
  }

  test('tells every client of each call, once and in order', async () => {
    const [one, two] = await Promise.all([follow(), follow()])
    for (let id = 1; id <= 30; id += 1) await api.store.write([numbered(id)])
    const expected = Array.from({ length: 30 }, (_, index) => spanIdOf(index + 1))
    for (const client of [one, two]) expect((await client.events(30)).map(({ call }) => call.spanId)).toEqual(expected)
  })

  test('begins now, not with what was there', async () => {
    await api.store.write([numbered(1)])
    const client = await follow()
    await api.store.write([numbered(2)])
    expect((await client.events(1)).map(({ call }) => call.spanId)).toEqual([spanIdOf(2)])
  })

  test('goes on where a client left off', async () => {
    const first = await follow()
    await api.store.write([numbered(1), numbered(2)])
    const [{ id } = { id: -1 }] = await first.events(1)
    await first.leave()
    await api.store.write(Array.from({ length: 1200 }, (_, index) => numbered(index + 3)))
    const second = await follow('', String(id))
    await api.store.write([numbered(5000)])
    const rest = [2, ...Array.from({ length: 1200 }, (_, index) => index + 3), 5000].map(spanIdOf)
    expect((await second.events(1202)).map(({ call }) => call.spanId)).toEqual(rest)
  })

  // Each expects the last call, so that a call too many would have come before it.
  test.each([
    ['?notUser=heidi', [1, 3, 4]],
    ['?notTag=eu&notUser=', [1, 4]],
    ['?minCost=0.01&maxTokens=100', [4]],
    ['?maxDuration=900', [1, 3, 4]],
    ['?metadata=tier=gold&metadata=tier=', [1, 3, 4]],
    ['?metadata=retries=2', [4]],
  ])('tells of the calls of %s only', async (query, numbers) => {
    const client = await follow(query)
    await api.store.write([
      numbered(1, {
        user_id: 'ada',
        tags: ['beta'],
        metadata: { tier: 'gold' },
        duration_ms: 900,
        cost_nano_usd: 9_999_999,
      }),
      numbered(2, { user_id: 'heidi', tags: ['eu'], metadata: { tier: 'silver' }, duration_ms: 901 }),
      numbered(3, { user_id: null, duration_ms: 0, total_tokens: null, cost_nano_usd: null }),
      numbered(4, {
        user_id: 'bob',
        duration_ms: 1,
        total_tokens: 100,
        metadata: { retries: 2 },
        cost_nano_usd: 10_000_000,
      }),
    ])
    expect((await client.events(numbers.length)).map(({ call }) => call.spanId)).toEqual(numbers.map(spanIdOf))
  })

  test('tells of the calls of its filter only, without what was said', async () => {
    const client = await follow('?user=ada&user=&tag=beta')
    await api.store.write([
      numbered(1, { user_id: 'ada', tags: ['beta', 'eu'] }),
      numbered(2, { user_id: 'bob', tags: ['beta'] }),
      numbered(3, { user_id: null, tags: ['beta'] }),
      numbered(4, { user_id: 'ada' }),
    ])
    const events = await client.events(2)
    expect(events.map(({ call }) => call.spanId)).toEqual([spanIdOf(1), spanIdOf(3)])
    expect(events[0]?.call).toEqual((await api.get('/api/calls?user=ada&tag=beta')).data[0])
  })

  test('refuses a filter by the tools of a run, which arriving calls do not tell', async () => {
    const answer = await api.request('/api/stream?usedTool=refund')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_value', field: 'usedTool' } })
  })

  test('says that it is alive, and from where to go on', async () => {
    await api.store.write([numbered(1)])
    const client = await follow()
    expect(await client.textWith(/: still here\nid: \d+\n\n/)).toMatch(/id: [1-9]/)
  })

  test('lets a client go that does not read, and gives it all when it comes back', async () => {
    const response = await api.request('/api/stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    await reader.read()
    const ids = Array.from({ length: 3500 }, (_, index) => index + 1)
    for (let start = 0; start < ids.length; start += 500) {
      await api.store.write(ids.slice(start, start + 500).map((id) => numbered(id)))
    }
    const watcher = await follow('', '0')
    await watcher.events(3500)
    let text = ''
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value
    const had = eventsOf(text)
    expect(had.length).toBeLessThan(3500)
    const back = await follow('', String(had.at(-1)?.id ?? 0))
    const rest = await back.events(3500 - had.length)
    expect([...had, ...rest].map(({ call }) => call.spanId)).toEqual(ids.map(spanIdOf))
  })

  test('ends when the server does', async () => {
    const client = await follow()
    await api.server.close()
    expect(await client.ended).toBe(true)
  })

  test('refuses an id that is none', async () => {
    const response = await api.request('/api/stream', { headers: { 'last-event-id': 'x' } })
    expect(response.status).toBe(400)
    expect((await response.json()).error.field).toBe('last-event-id')
  })
})

interface Client {
  /** Waits until there are so many. */
  events(count: number): Promise<Event[]>
  textWith(pattern: RegExp): Promise<string>
  readonly ended: Promise<boolean>
  leave(): Promise<void>
}

async function connect(api: TestApi, query: string, lastEventId?: string): Promise<Client> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const response = await api.request(`/api/stream${query}`, { headers })
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const waiting = new Set<() => void>()
  // The first words come when the client has its place in the log.
  text += (await reader.read()).value ?? ''
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return true
      text += value
      for (const check of waiting) check()
    }
  })()
  const until = <Value>(find: () => Value | undefined): Promise<Value> =>
    new Promise((resolve) => {
      const check = (): void => {
        const value = find()
        if (value === undefined) return
        waiting.delete(check)
        resolve(value)
      }
      waiting.add(check)
      check()
    })
  return {
    events: (count) => until(() => (eventsOf(text).length >= count ? eventsOf(text) : undefined)),
    textWith: (pattern) => until(() => (pattern.test(text) ? text : undefined)),
    ended,
    leave: () => reader.cancel(),
  }
}

function eventsOf(text: string): Event[] {
  return [...text.matchAll(/event: call\nid: (\d+)\ndata: (.*)\n\n/g)].map(([, id, data]) => ({
    id: Number(id),
    call: JSON.parse(data!),
  }))
}
