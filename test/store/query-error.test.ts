import {
  type BucketSize,
  type CallPageRequest,
  type Grouping,
  openStore,
  QueryError,
  type Store,
} from '@spanledger/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATABASES, type TestDatabase } from './stores.ts'

const CENTURY = { from: 0, to: Date.UTC(2070) }

const REFUSED: readonly [
  string,
  (store: Store) => Promise<unknown>,
  { readonly code: string; readonly field: string },
][] = [
  ['a cursor of calls', (store) => store.calls({}, { cursor: 'x' }), { code: 'unknown_cursor', field: 'cursor' }],
  ['a cursor of sessions', (store) => store.sessions({}, { cursor: 'x' }), { code: 'unknown_cursor', field: 'cursor' }],
  ['a cursor of logs', (store) => store.usageLogs({}, { cursor: 'x' }), { code: 'unknown_cursor', field: 'cursor' }],
  ['a cursor of events', (store) => store.events({}, { cursor: 'x' }), { code: 'unknown_cursor', field: 'cursor' }],
  ['a limit', (store) => store.calls({}, { limit: 0 }), { code: 'out_of_range', field: 'limit' }],
  [
    'an order',
    (store) => store.calls({}, { sort: 'x' as CallPageRequest['sort'] & string }),
    { code: 'unknown_value', field: 'sort' },
  ],
  ['a grouping', (store) => store.breakdown({}, 'x' as Grouping), { code: 'unknown_value', field: 'groupBy' }],
  ['a time zone', (store) => store.timeseries({ tz: 'Mars/Olympus' }), { code: 'unknown_value', field: 'tz' }],
  [
    'the name of a bucket',
    (store) => store.timeseries(CENTURY, { bucket: 'x' as BucketSize }),
    { code: 'unknown_value', field: 'bucket' },
  ],
  [
    'a bucket of a chart',
    (store) => store.timeseries(CENTURY, { bucket: '1h' }),
    { code: 'too_many_buckets', field: 'bucket' },
  ],
  [
    'a bucket of tools',
    (store) => store.toolReport(CENTURY, { bucket: '1h' }),
    { code: 'too_many_buckets', field: 'bucket' },
  ],
]

const KINDS = [
  ...DATABASES.map((database) => ({ ...database, threads: 0 })),
  ...DATABASES.slice(0, 1).map(({ create }) => ({ name: 'sqlite with reading threads', create, threads: 1 })),
]

describe.each(KINDS)('$name', ({ create, threads }) => {
  let database: TestDatabase
  let store: Store
  beforeAll(async () => {
    database = await create()
    store = await openStore({ url: database.url, readingThreads: threads })
  })
  afterAll(async () => {
    await store.close()
    await database.remove()
  })

  test.each(REFUSED)('%s that is unknown is refused by name', async (_what, ask, { code, field }) => {
    const error = await ask(store).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(QueryError)
    expect(error).toMatchObject({ name: 'QueryError', code, field })
    const { message, problem, hint } = error as QueryError
    expect(message).toBe(`${problem}; ${hint}`)
  })
})
