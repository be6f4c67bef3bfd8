import { execFileSync, fork } from 'node:child_process'
import module from 'node:module'
import { join } from 'node:path'
import { type Call, mergeCall, settleTrace, toCallLine } from '@spanledger/core'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../../core/build-call.ts'
import { freshSchema, type PostgresServer, startPostgres } from '../../postgres.ts'
import { collect } from '../../stores.ts'

let server: PostgresServer
let schema: string
const opened: Store[] = []
const clients: Client[] = []

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

beforeEach(() => {
  schema = freshSchema()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => {})
  for (const store of opened.splice(0)) await store.close()
})

async function open(options: OpenStoreOptions = {}): Promise<Store> {
  const store = await openStore({ url: `${server.url}?schema=${schema}`, ...options })
  opened.push(store)
  return store
}

/** A session that sees the tables of the store. */
async function session(): Promise<Client> {
  const client = await server.connect()
  client.on('error', () => {})
  clients.push(client)
  await client.query(`SET search_path = ${schema}`)
  return client
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}

/** Makes every write of a call of project `slow` stop after its rows are inserted, until the session given ends. */
async function blockSlow(): Promise<Client> {
  const blocker = await session()
  await blocker.query(`BEGIN; INSERT INTO projects (id, name, created_at) VALUES ('slow', 'slow', 0)`)
  return blocker
}

const waiting = async () =>
  server.query(
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO projects%'",
  )

const untilOneWaits = () => waitFor(async () => (await waiting()).length > 0)

async function deadlocks(): Promise<unknown> {
  const [row] = await server.query('SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database')
  return row?.['deadlocks']
}

function numbered(count: number, first = 1, columns: Partial<Call> = {}): Call[] {
  return Array.from({ length: count }, (_, index) =>
    buildCall({ span_id: (first + index).toString(16).padStart(16, '0'), name: `call ${first + index}`, ...columns }),
  )
}

async function lines(store: Store): Promise<string[]> {
  const calls = await collect(store.iterate({}, { content: true }))
  return calls.map(({ created_at: _createdAt, ingest_seq: _ingestSeq, ...call }) => toCallLine(call)).toSorted()
}

describe('many writers', () => {
  test('write the same calls at once in any order: no deadlock, and the rows that mergeCall returns', async () => {
    const stores = [await open(), await open(), await open()]
    const versions = stores.map((_, writer) =>
      numbered(300).map((call, index) => ({
        ...call,
        trace_id: `${'0'.repeat(31)}${(index % 7) + 1}`,
        project_id: `p${index % 5}`,
        metadata: { [`by${writer}`]: true },
        ended_at: 1000 + ((index * (writer + 3)) % 11),
        content: writer === index % 3 ? buildContent({ answer: `by ${writer}` }) : null,
      })),
    )
    const orders = [(calls: Call[]) => calls, (calls: Call[]) => calls.toReversed(), shuffled]
    const results = await Promise.all(
      stores.flatMap((store, writer) =>
        orders.map((order, turn) =>
          store.write(order([...versions[writer]!]), { settle: turn === 1 ? settleTrace : undefined }),
        ),
      ),
    )
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(300)
    expect(results.reduce((sum, { deduplicated }) => sum + deduplicated, 0)).toBe(8 * 300)
    expect(results.flatMap(({ rejected }) => rejected)).toEqual([])
    const joined = numbered(300).map((_, index) =>
      versions.map((calls): Call => calls[index]!).reduce((a, b) => mergeCall(a, b)),
    )
    expect(await lines(stores[0]!)).toEqual(joined.map((call) => toCallLine(call)).toSorted())
    // A session reports its statistics when it ends.
    for (const store of stores) await store.close()
    expect(await deadlocks()).toBe(0)
  })

  test('of many processes open, migrate and write one new schema at once', async () => {
    const writers = 4
    const script = join(import.meta.dirname, '../../write-calls.ts')
    const results = await Promise.all(
      Array.from(
        { length: writers },
        (_, index) =>
          new Promise<{ readonly stored: number; readonly deduplicated: number }>((resolve, reject) => {
            const child = fork(script, [`${server.url}?schema=${schema}`, String(index)], {
              execArgv: ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning'],
            })
            child.on('message', (message) => resolve(message as { stored: number; deduplicated: number }))
            child.on('exit', (code) => reject(new Error(`The writer ended with ${code}`)))
          }),
      ),
    )
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(writers * 200 + 200)
    expect(results.reduce((sum, { deduplicated }) => sum + deduplicated, 0)).toBe((writers - 1) * 200)
    expect(await (await open()).summary({})).toMatchObject({ calls: writers * 200 + 200 })
  })

  test('of parts of one trace at once leave it settled', async () => {
    const [store, other] = [await open(), await open()]
    const [parent, child] = numbered(2)
    const run = { ...parent!, kind: 'run', billable: 0, user_id: 'ada' } as const
    const leaf = { ...child!, parent_span_id: run.span_id, run_id: child!.span_id, project_id: 'slow' }
    const blocker = await blockSlow()
    const slow = store.write([leaf], { settle: settleTrace })
    await untilOneWaits()
    await other.write([run], { settle: settleTrace })
    await blocker.query('ROLLBACK')
    await slow
    expect(await store.call(`${leaf.trace_id}-${leaf.span_id}`)).toMatchObject({ user_id: 'ada', run_id: run.span_id })
    expect(await store.summary({ user: 'ada' })).toMatchObject({ calls: 1 })
  })

  test('do not wait for each other', async () => {
    const [store, other] = [await open(), await open()]
    const blocker = await blockSlow()
    const slow = store.write(numbered(3, 1, { project_id: 'slow' }))
    await untilOneWaits()
    expect(await other.write(numbered(3, 10))).toMatchObject({ stored: 3 })
    await blocker.query('ROLLBACK')
    expect(await slow).toMatchObject({ stored: 3 })
  })
})

describe('the log', () => {
  test('followed live returns every call once and in order, including those committed late', async () => {
    const [store, other] = [await open(), await open()]
    await store.write(numbered(1))
    const start = (await store.liveCalls(null, {})).lastSeq
    const blocker = await blockSlow()
    const slow = store.write(numbered(3, 10, { project_id: 'slow' }))
    await untilOneWaits()
    await other.write(numbered(3, 20))
    const meanwhile = await other.liveCalls(start, {})
    expect(await other.summary({})).toMatchObject({ calls: 4 })
    await blocker.query('ROLLBACK')
    await slow
    await other.write(numbered(1, 30))
    const after = await other.liveCalls(meanwhile.lastSeq, {})
    const names = [...meanwhile.calls, ...after.calls].map((call) => call.name)
    expect(names).toEqual([10, 11, 12, 20, 21, 22, 30].map((number) => `call ${number}`))
    expect((await other.liveCalls(after.lastSeq, {})).calls).toEqual([])
  })

  test('continues after the stored calls when the database was restored where transaction ids restart', async () => {
    const store = await open()
    await store.write(numbered(2))
    await (await session()).query('UPDATE log_clock SET shift = shift - 1000000')
    const restored = await open()
    await restored.write(numbered(2, 10))
    expect((await collect(restored.iterate({}))).map((call) => call.name)).toEqual(
      [1, 2, 10, 11].map((number) => `call ${number}`),
    )
    expect((await restored.liveCalls(0, {})).calls).toHaveLength(4)
  })

  test('refuses more calls in one list than a transaction has positions', async () => {
    const store = await open()
    await expect(store.write(numbered(8193))).rejects.toThrow(
      'Postgres cannot store 8193 calls in one write; write at most 8192',
    )
    expect(await store.write(numbered(8192))).toMatchObject({ stored: 8192 })
  })
})

describe('a connection that is lost', () => {
  test('in a write says so, stores nothing, and the store can be used again', async () => {
    const own = await startPostgres()
    try {
      const store = await openStore({ url: own.url })
      opened.push(store)
      await store.write(numbered(1))
      const blocker = await own.connect()
      blocker.on('error', () => {})
      await blocker.query(`BEGIN; INSERT INTO spanledger.projects (id, name, created_at) VALUES ('slow', 'slow', 0)`)
      const slow = store.write(numbered(3, 10, { project_id: 'slow' })).catch((error: unknown) => error)
      const pidOf = async (): Promise<unknown> =>
        (await own.query("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))[0]?.['pid']
      await waitFor(async () => (await pidOf()) !== undefined)
      // The server answers this with ending every other connection, and recovers.
      process.kill(Number(await pidOf()), 'SIGKILL')
      expect(String(await slow)).toMatch(
        /: (?:the connection was lost|it is shutting down or starting).* try again later$/,
      )
      await waitFor(() =>
        store.summary({}).then(
          () => true,
          () => false,
        ),
      )
      expect(await store.summary({})).toMatchObject({ calls: 1 })
      expect(await store.write(numbered(3, 10, { project_id: 'slow' }))).toMatchObject({ stored: 3 })
    } finally {
      own.stop()
    }
  })

  test('between two questions is replaced', async () => {
    const store = await open()
    await store.write(numbered(1))
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    await waitFor(() =>
      store.summary({}).then(
        () => true,
        (error: unknown) => !String(error).endsWith('try again later'),
      ),
    )
    expect(await store.summary({})).toMatchObject({ calls: 1 })
  })
})

describe('a problem is explained in a sentence', () => {
  const place = () => new URL(server.url).host

  test('a server that is not there, as a transient problem, without the password', async () => {
    const error = await openStore({ url: 'postgres://ada:secret@127.0.0.1:1/app' }).catch((error: unknown) => error)
    expect(String(error)).toBe(
      'Error: Postgres at 127.0.0.1:1/app (schema spanledger): nothing is listening there; start the server, or use another one, or try again later',
    )
    expect(String(error)).not.toContain('secret')
  })

  test('a wrong password, a missing database, and a user without privileges, as permanent problems', async () => {
    await server.query("CREATE USER guest PASSWORD 'guest'")
    const wrong = server.url.replace(':postgres@', ':wrong@')
    const cases = [
      [wrong, `Postgres at ${place()}/postgres (schema spanledger): it rejected the user or the password`],
      [server.url.replace(/postgres$/, 'none'), 'this database does not exist; create it, or use another one'],
      [server.url.replace('postgres:postgres@', 'guest:guest@'), 'this user lacks the privilege'],
    ] as const
    for (const [url, message] of cases) {
      const error = await openStore({ url }).catch((error: unknown) => error)
      expect(String(error)).toContain(message)
      expect(String(error)).not.toContain('try again')
    }
  })

  test('a schema of another application, which is left unchanged', async () => {
    await server.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.calls (id int)`)
    await expect(open()).rejects.toThrow(
      `${place()}/postgres (schema ${schema}) holds the tables of another application and was left unchanged`,
    )
    expect(await server.query(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`)).toEqual([
      { tablename: 'calls' },
    ])
  })

  test('a schema of a newer major version, and a missing one that is opened for reading', async () => {
    await expect(open({ readOnly: true })).rejects.toThrow('open it for writing once to update it')
    await open()
    await (await session()).query('INSERT INTO spanledger_migrations (version, major, applied_at) VALUES (99, 4, 0)')
    const message = 'was written by a newer Spanledger (schema 4; this version supports 3); update Spanledger here'
    await expect(open()).rejects.toThrow(message)
    await expect(open({ readOnly: true })).rejects.toThrow(message)
  })

  test('a lock that another process holds, and the write succeeds once it is released', async () => {
    const store = await open({ busyTimeoutMs: 200 })
    const blocker = await blockSlow()
    const error = await store.write(numbered(1, 1, { project_id: 'slow' })).catch((error: unknown) => error)
    expect(String(error)).toContain('other writers held a lock for too long; try again later')
    expect(await store.summary({})).toMatchObject({ calls: 0 })
    await blocker.query('ROLLBACK')
    expect(await store.write(numbered(1, 1, { project_id: 'slow' }))).toMatchObject({ stored: 1 })
  })

  test('a server that is read-only', async () => {
    const store = await open()
    await (await session()).query('ALTER ROLE postgres SET default_transaction_read_only = on')
    try {
      const readOnly = openStore({ url: `${server.url}?schema=${schema}` })
      await expect(readOnly.then((store) => store.write(numbered(1)).finally(() => store.close()))).rejects.toThrow(
        'it is read-only, as a standby is',
      )
    } finally {
      await server.query(
        'SET default_transaction_read_only = off; ALTER ROLE postgres RESET default_transaction_read_only',
      )
    }
    expect(await store.write(numbered(1))).toMatchObject({ stored: 1 })
  })

  test.skipIf(!('registerHooks' in module))('a driver that is not installed, with the command that installs it', () => {
    const hide = `
      import { registerHooks } from 'node:module'
      registerHooks({ resolve: (name, context, next) => next(name === 'pg' ? 'pg-that-is-not-there' : name, context) })`
    const ask = `
      import { openStore } from '@spanledger/store'
      await openStore({ url: 'postgres://localhost/app' }).catch((error) => console.log(error.message))`
    const script = ['--import', `data:text/javascript,${encodeURIComponent(hide)}`, '--input-type=module', '-e', ask]
    const said = execFileSync(process.execPath, ['--conditions=@spanledger/source', ...script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    })
    expect(said).toBe('The Postgres driver is missing; install it with "npm install pg"\n')
  })

  test('an invalid address or schema, without repeating secrets', async () => {
    await expect(openStore({ url: 'postgres://ada:se cret@[/app' })).rejects.toThrow(
      /^Cannot read the address of the database; use postgres:\/\/USER:PASSWORD@HOST:PORT\/DATABASE$/,
    )
    await expect(openStore({ url: `${server.url}?schema=a"b` })).rejects.toThrow('Cannot use "a\\"b" as a schema')
    await expect(openStore({ url: `${server.url}?schema=pg_catalog` })).rejects.toThrow('Cannot use "pg_catalog"')
  })
})

describe('the tables', () => {
  test('are in a schema of their own, spanledger by default, and nothing else is touched', async () => {
    const store = await openStore({ url: server.url })
    opened.push(store)
    await store.write(numbered(1))
    expect(await server.query('SELECT count(*) AS calls FROM spanledger.calls')).toEqual([{ calls: 1 }])
    expect(await (await open()).summary({})).toMatchObject({ calls: 0 })
    expect(await server.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([])
  })

  test('a number that would be rounded, and invalid JSON, cannot be stored', async () => {
    await (await open()).write(numbered(1))
    const client = await session()
    await expect(client.query('UPDATE calls SET input_tokens = 9007199254740992')).rejects.toThrow('check constraint')
    await expect(client.query("UPDATE calls SET metadata = '{'")).rejects.toThrow('invalid input syntax for type json')
  })

  test('a run is found in the view without reading the others', async () => {
    await (await open()).write(numbered(2000))
    const client = await session()
    await client.query('ANALYZE calls')
    const plan = await client.query<{ readonly 'QUERY PLAN': string }>(
      "EXPLAIN SELECT * FROM ai_usage_logs WHERE id = 'x'",
    )
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('calls_by_run')
  })

  test('an older writer works on a newer schema of its major version, and leaves it unchanged', async () => {
    await open()
    const client = await session()
    await client.query(`
      ALTER TABLE calls ADD COLUMN colour text;
      INSERT INTO spanledger_migrations (version, major, applied_at) VALUES (99, 1, 0)`)
    const store = await open()
    const call = buildCall({ content: buildContent({ answer: 'Noon' }) })
    expect(await store.write([call])).toMatchObject({ stored: 1 })
    expect(await store.write([call])).toMatchObject({ deduplicated: 1 })
    expect(Object.keys((await store.call(`${call.trace_id}-${call.span_id}`))!)).not.toContain('colour')
    expect((await client.query('SELECT max(version) AS version FROM spanledger_migrations')).rows).toEqual([
      { version: 99 },
    ])
  })
})

describe('a row that the database refuses', () => {
  test.each(['calls', 'call_contents'])('is returned, and the others are stored (%s)', async (table) => {
    const store = await open()
    const column = table === 'calls' ? 'name' : 'question'
    await (
      await session()
    ).query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poison is refused'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW WHEN (new.${column} = 'poison')
      EXECUTE FUNCTION refuse()`)
    const calls = numbered(100).map((call, index) =>
      index % 30 === 7
        ? { ...call, name: 'poison', project_id: 'bad', content: buildContent({ question: 'poison' }) }
        : { ...call, project_id: 'good' },
    )
    const poison = calls.filter((call) => call.name === 'poison')
    expect(await store.write([...calls, calls[0]!])).toEqual({
      stored: 96,
      deduplicated: 1,
      rejected: poison.map((call) => ({ call, reason: 'poison is refused' })),
    })
    expect(await store.summary({})).toMatchObject({ calls: 96 })
    expect((await store.projects()).map(({ id }) => id)).toEqual(['good'])
  })

  test('because an index cannot hold it is returned too', async () => {
    const store = await open()
    const huge = Array.from({ length: 4000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
    ).join('')
    const [bad, good] = [buildCall({ project_id: huge }), numbered(1)[0]!]
    const result = await store.write([bad, good])
    expect(result).toMatchObject({ stored: 1, rejected: [{ call: bad }] })
    expect(await store.summary({})).toMatchObject({ calls: 1 })
  })

  test('when the schema is broken no call is returned as rejected', async () => {
    const store = await open()
    await (await session()).query('DROP TABLE projects')
    await expect(store.write([buildCall({ project_id: 'shop' })])).rejects.toThrow('a table is missing')
    expect(await store.summary({})).toMatchObject({ calls: 0 })
  })
})

// The same order every time, and none of the others.
function shuffled(calls: readonly Call[]): Call[] {
  return calls.map((_, index) => calls[(index * 77 + 13) % calls.length]!)
}
