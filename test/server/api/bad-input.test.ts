import { FILTER_NAMES, RANGE_NAMES } from '@spanledger/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { goodRequests, NO_JSON, type Seed, seed } from './every-route.ts'
import { type Operation, readOpenApi } from './open-api.ts'
import { startApi, type TestApi } from './start-api.ts'

const INJECTIONS = [
  `'; DROP TABLE calls; --`,
  `" OR 1=1 --`,
  `') UNION SELECT sql FROM sqlite_master --`,
  `1; SELECT pg_sleep(5)`,
  '%',
  '\\',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '${7*7}{{7*7}}',
  '__proto__',
  'constructor',
  '\u0000',
  '\uD800',
  '\u202E\u2028\r\nSet-Cookie: a=b',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  '',
  ' ',
  'x'.repeat(5000),
]

const WRONG_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  '',
  'text',
  '\u0000',
  'x'.repeat(20_000),
  [],
  [[]],
  [null],
  {},
  { a: { b: [] } },
  ...INJECTIONS.slice(0, 4),
]

// What no answer may tell: how the server is made, and where it lies.
const LEAKS =
  /\bat [\w.<>]+ \(|\.ts:\d|SQLITE|sqlite_master|syntax error|kysely|\bselect\b.*\bfrom\b|\/tmp\/|node_modules/i

const withPrefix = (prefix: string) => (name: string) => `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`
const FILTERS: ReadonlySet<string> = new Set([
  ...FILTER_NAMES,
  ...FILTER_NAMES.map(withPrefix('not')),
  ...RANGE_NAMES.flatMap((name) => [withPrefix('min')(name), withPrefix('max')(name)]),
  'metadata',
])

// Thousands of requests.
const TIMEOUT_MS = 180_000

const servers: { name: string; api: TestApi; seeded: Seed }[] = []
beforeAll(async () => {
  for (const { name, create } of DATABASES) {
    const api = await startApi(create)
    servers.push({ name, api, seeded: await seed(api) })
  }
})
afterAll(async () => {
  for (const { api } of servers) await api.close()
})

describe('bad input', () => {
  test(
    'in any parameter is answered or refused in one form, alike by every database',
    async () => {
      const outcomes = await Promise.all(servers.map(({ api, seeded }) => askBadly(api, seeded)))
      expect(outcomes[0]!.length).toBeGreaterThan(1500)
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
    },
    TIMEOUT_MS,
  )

  test(
    'in any field of a body is answered or refused in one form, alike by every database',
    async () => {
      const outcomes = []
      for (const { api, seeded } of servers) outcomes.push(await sendBadly(api, seeded))
      expect(outcomes[0]!.length).toBeGreaterThan(500)
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
    },
    TIMEOUT_MS,
  )

  test.each([
    ['/api/ai-usage/summary?color=red', 'unknown_parameter', 'color'],
    ['/api/ai-usage/summary?MODEL=x', 'unknown_parameter', 'MODEL'],
    ['/api/ai-usage/summary?from=yesterday', 'invalid_value', 'from'],
    ['/api/ai-usage/summary?from=2026-02-30', 'invalid_value', 'from'],
    ['/api/ai-usage/summary?from=1&from=2', 'invalid_value', 'from'],
    ['/api/ai-usage/summary?from=2026-11-02&to=2026-11-01', 'invalid_value', 'to'],
    ['/api/ai-usage/summary?tz=%2B02:00', 'invalid_value', 'tz'],
    ['/api/ai-usage/summary?tz=Mars/Olympus', 'invalid_value', 'tz'],
    ['/api/ai-usage/summary?kind=everything', 'invalid_value', 'kind'],
    ['/api/ai-usage/summary?compare=next', 'invalid_value', 'compare'],
    ['/api/ai-usage/summary?compare=previous', 'missing', 'from'],
    ['/api/ai-usage/breakdown', 'missing', 'groupBy'],
    ['/api/ai-usage/breakdown?groupBy=color', 'invalid_value', 'groupBy'],
    ['/api/ai-usage/breakdown?groupBy=model&limit=0', 'invalid_value', 'limit'],
    ['/api/ai-usage/breakdown?groupBy=model&limit=ten', 'invalid_value', 'limit'],
    ['/api/ai-usage/timeseries?bucket=5m', 'invalid_value', 'bucket'],
    ['/api/ai-usage/timeseries?bucket=15m&from=2020-01-01&to=2026-01-01', 'invalid_value', 'bucket'],
    ['/api/calls?cursor=nonsense', 'invalid_value', 'cursor'],
    ['/api/calls?sort=color', 'invalid_value', 'sort'],
    ['/api/calls?order=up', 'invalid_value', 'order'],
    ['/api/calls?limit=1001', 'invalid_value', 'limit'],
    ['/api/sessions?cursor=nonsense', 'invalid_value', 'cursor'],
    ['/api/ai-usage?cursor=nonsense', 'invalid_value', 'cursor'],
    ['/api/events?cursor=nonsense', 'invalid_value', 'cursor'],
    ['/api/prices?source=all', 'invalid_value', 'source'],
    ['/api/projects?q=1', 'unknown_parameter', 'q'],
  ])('GET %s is refused', async (path, code, field) => {
    for (const { api } of servers) {
      const response = await api.request(path)
      const { error } = await response.json()
      expect({ status: response.status, code: error.code, field: error.field }).toEqual({ status: 400, code, field })
    }
  })

  test.each([
    '/api/calls/none',
    `/api/calls/${'0'.repeat(32)}-${'0'.repeat(16)}`,
    '/api/traces/none',
    '/api/sessions/none',
    '/api/nothing',
    '/api/ai-usage/everything',
  ])('GET %s is not there', async (path) => {
    for (const { api } of servers) {
      const response = await api.request(path)
      expect({ status: response.status, code: (await response.json()).error.code }).toEqual({
        status: 404,
        code: 'not_found',
      })
    }
  })

  test('leaves everything as it was', async () => {
    for (const { api } of servers) {
      const { calls } = await api.store.calls({ operation: 'plan' })
      expect(calls).toHaveLength(4)
      expect((await api.get('/api/overview')).isEmpty).toBe(false)
    }
  })
})

async function askBadly(api: TestApi, seeded: Seed): Promise<string[]> {
  const outcomes: string[] = []
  for (const { operation, path, query } of await gettersOf(api, seeded)) {
    const isLight = /summary|calls/.test(path)
    for (const [index, { name, in: place }] of operation.parameters.entries()) {
      if (place !== 'query') continue
      // The code behind a name of the filter is one: routes that ask much try a part of the values each.
      const values = INJECTIONS.filter((_value, number) => isLight || !FILTERS.has(name) || number % 5 === index % 5)
      for (const value of values) {
        const parameters = new URLSearchParams(query)
        parameters.set(name, value.toWellFormed())
        outcomes.push(
          await outcomeOf(`${path} ${name}=${value.slice(0, 20)}`, await api.request(`${path}?${parameters}`)),
        )
      }
    }
  }
  for (const value of INJECTIONS) {
    for (const path of ['calls', 'traces', 'sessions', 'budgets']) {
      const method = path === 'budgets' ? 'DELETE' : 'GET'
      const response = await api.request(`/api/${path}/${encodeURIComponent(value.toWellFormed())}`, { method })
      outcomes.push(await outcomeOf(`${path}/${value.slice(0, 20)}`, response))
    }
  }
  return outcomes
}

async function gettersOf(api: TestApi, seeded: Seed) {
  const good = goodRequests(seeded)
  const { operations } = await readOpenApi(api)
  return operations.flatMap((operation) => {
    const key = `${operation.method} ${operation.path}`
    const request = good[key]
    // The second spelling of the address has the same code behind it.
    if (operation.method !== 'get' || NO_JSON.has(key) || request === undefined || key.includes('/ai/usage')) return []
    const [path = '', query] = request.path.split('?')
    return [{ operation, path, query }]
  })
}

async function sendBadly(api: TestApi, seeded: Seed): Promise<string[]> {
  const outcomes: string[] = []
  const good = goodRequests(seeded)
  const { operations } = await readOpenApi(api)
  for (const operation of operations) {
    const key = `${operation.method} ${operation.path}`
    const request = good[key]
    if (request?.body === undefined || operation.path === '/v1/traces') continue
    for (const [what, body] of mutationsOf(operation, request.body)) {
      const response = await api.send(operation.method.toUpperCase(), request.path, body)
      outcomes.push(await outcomeOf(`${key} ${what}`, response))
    }
  }
  return outcomes
}

function mutationsOf(operation: Operation, body: Readonly<Record<string, unknown>>): [string, unknown][] {
  const fields = Object.keys(operation.body?.properties ?? {})
  expect({ path: operation.path, fields }).not.toEqual({ path: operation.path, fields: [] })
  const missing = fields.map((field): [string, unknown] => [`no ${field}`, { ...body, [field]: undefined }])
  const wrong = fields.flatMap((field) =>
    WRONG_VALUES.map((value, index): [string, unknown] => [`${field} ${index}`, { ...body, [field]: value }]),
  )
  const whole: [string, unknown][] = [
    ['unknown', { ...body, [`x'); --`]: 1 }],
    ['proto', `{"__proto__":{"a":1},${JSON.stringify(body).slice(1)}`],
    ['many keys', Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index]))],
    ['text', '"text"'],
    ['list', '[]'],
    ['null', 'null'],
    ['cut', '{"a":'],
    ['deep', '{"a":'.repeat(40_000)],
    ['large', `{"a":"${'x'.repeat(1_100_000)}"}`],
  ]
  return [...missing, ...wrong, ...whole]
}

async function outcomeOf(what: string, response: Response): Promise<string> {
  const text = await response.text()
  const { status } = response
  if (status < 300) return `${what}: ${status}`
  const { error } = JSON.parse(text)
  const isKnown = [400, 404, 409, 413, 415, 422].includes(status)
  const isShort = error.message.length < 500
  expect({ what, isKnown, keys: Object.keys(error), isShort, leak: LEAKS.exec(text)?.[0] }).toEqual({
    what,
    isKnown: true,
    keys: ['code', 'field', 'message', 'hint'],
    isShort: true,
    leak: undefined,
  })
  return `${what}: ${status} ${error.code} ${error.field} ${error.message}`
}
