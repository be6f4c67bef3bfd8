import { fork } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../../core/build-call.ts'

let folder: string
let path: string
const opened: { close(): unknown }[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanledger-sqlite-'))
  path = join(folder, 'usage.db')
})

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
  rmSync(folder, { recursive: true })
})

async function open(options: OpenStoreOptions = {}): Promise<Store> {
  const store = await openStore(options.url === undefined ? { path, ...options } : options)
  opened.push(store)
  return store
}

function raw(): DatabaseSync {
  const database = new DatabaseSync(path)
  opened.push(database)
  return database
}

function filled(content = 'not empty'): string {
  writeFileSync(path, content)
  return content
}

describe('the file', () => {
  test('is readable by its owner only, and so are those beside it', async () => {
    const store = await open()
    await store.write([buildCall()])
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('is named by a path, a file: address, or an absolute one', async () => {
    await (await open()).write([buildCall()])
    expect(await (await open({ url: `file:${path}` })).summary({})).toMatchObject({ calls: 1 })
    expect(await (await open({ url: pathToFileURL(path).href })).summary({})).toMatchObject({ calls: 1 })
  })

  test('can be none at all', async () => {
    const store = await open({ path: ':memory:' })
    await store.write([buildCall()])
    expect(await store.summary({})).toMatchObject({ calls: 1 })
    expect(existsSync(':memory:')).toBe(false)
  })

  test('gets a private folder that git ignores, if requested', async () => {
    const store = await openStore({ path: join(folder, '.spanledger', 'usage.db'), privateFolder: true })
    opened.push(store)
    expect(statSync(join(folder, '.spanledger')).mode & 0o777).toBe(0o700)
    expect(readFileSync(join(folder, '.spanledger', '.gitignore'), 'utf8')).toBe('*\n')
  })

  test('leaves the files of an existing private folder alone', async () => {
    mkdirSync(join(folder, '.spanledger'))
    writeFileSync(join(folder, '.spanledger', '.gitignore'), 'mine')
    opened.push(await openStore({ path: join(folder, '.spanledger', 'usage.db'), privateFolder: true }))
    expect(readFileSync(join(folder, '.spanledger', '.gitignore'), 'utf8')).toBe('mine')
  })
})

describe('a problem is explained in a sentence', () => {
  test('a missing folder', async () => {
    const missing = join(folder, 'missing')
    await expect(open({ path: join(missing, 'usage.db') })).rejects.toThrow(
      `The folder ${missing} for the database is missing; create it (mkdir -p) or name a file elsewhere`,
    )
    expect(existsSync(missing)).toBe(false)
  })

  test('a missing file that is opened for reading', async () => {
    await expect(open({ readOnly: true })).rejects.toThrow(
      `There is no database at ${path}; name another file, or write calls to it first`,
    )
    expect(existsSync(path)).toBe(false)
  })

  test.each([false, true])('a folder in place of the file (read only: %s)', async (readOnly) => {
    await expect(open({ path: folder, readOnly })).rejects.toThrow(`${folder} is a folder; name a file in it, such as`)
  })

  test.each([false, true])('a file that is not a database (read only: %s)', async (readOnly) => {
    const content = filled('{"spans":[]}'.repeat(100))
    const error = await open({ readOnly }).catch((error: unknown) => error)
    expect(error).toMatchObject({
      message: `${path} is not a SQLite database and was left unchanged; use another file`,
      cause: expect.objectContaining({ message: 'file is not a database' }),
    })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  test('the database of another application', async () => {
    const other = raw()
    other.exec('CREATE TABLE calls (id INTEGER); INSERT INTO calls VALUES (1)')
    await expect(open()).rejects.toThrow(
      `${path} belongs to another application and was left unchanged; give Spanledger a file of its own`,
    )
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' })
    expect(other.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'calls' }])
  })

  test('an empty file that is opened for reading', async () => {
    filled('')
    await expect(open({ readOnly: true })).rejects.toThrow(
      `${path} has no Spanledger tables, or those of an older version; open it for writing once to update it`,
    )
  })

  test('a schema of a newer major version', async () => {
    await (await open()).close()
    raw().exec('INSERT INTO spanledger_migrations (version, major, applied_at) VALUES (99, 4, 0)')
    const message = `${path} was written by a newer Spanledger (schema 4; this version supports 3); update Spanledger here`
    await expect(open()).rejects.toThrow(message)
    await expect(open({ readOnly: true })).rejects.toThrow(message)
  })

  test.each(['at its start', 'further on'])('a file that is damaged %s, which is left unchanged', async (place) => {
    const store = await open()
    await store.write(numbered(500))
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 4096 * (place === 'at its start' ? 1 : 12))
    writeFileSync(path, bytes)
    const use = async (): Promise<void> => {
      const damaged = await open()
      await expect(damaged.summary({})).rejects.toThrow('is damaged')
      await damaged.write(numbered(500, 7000))
    }
    await expect(use()).rejects.toThrow(
      `${path} is damaged and was left unchanged; move it away together with its -wal and -shm files`,
    )
    for (const database of opened.splice(0)) await database.close()
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  test('a lock that another process holds, and the write succeeds once it is released', async () => {
    const store = await open({ busyTimeoutMs: 20 })
    const other = raw()
    other.exec('BEGIN IMMEDIATE')
    const error = await store.write([buildCall()]).catch((error: unknown) => error)
    expect(error).toMatchObject({
      message: `${path} was locked by another process for too long; try again, or find the process that holds it`,
    })
    other.exec('COMMIT')
    expect(await store.write([buildCall()])).toMatchObject({ stored: 1 })
  })

  test.skipIf(process.getuid?.() !== 0 || process.seteuid === undefined)(
    'a file that this user may not write, or not even read',
    async () => {
      await (await open()).close()
      chmodSync(folder, 0o755)
      await asNobody(async () => {
        await expect(open()).rejects.toThrow(
          `${path} cannot be opened; give this user access to it and its folder, or use another file`,
        )
        await expect(open({ path: join(folder, 'new.db') })).rejects.toThrow(
          `${join(folder, 'new.db')} cannot be created; give this user write access to its folder, or name a file elsewhere`,
        )
      })
      chmodSync(path, 0o644)
      await asNobody(async () => {
        await expect(open()).rejects.toThrow(
          `${path} is not writable; give this user write access to it and its folder, or use another file`,
        )
      })
    },
  )

  test('an address of another kind, without repeating secrets', async () => {
    const error = openStore({ url: 'mysql://root:secret@localhost/usage' })
    await expect(error).rejects.toThrow(/^Cannot open a store of this kind \(mysql:\); use file:PATH or postgres:/)
    await expect(openStore({ url: 'usage.db' })).rejects.toThrow('(no scheme); use file:PATH or postgres://')
  })

  test('no address, or two', async () => {
    const message = 'A store needs a url such as file:usage.db, or a path, but not both'
    await expect(openStore({})).rejects.toThrow(message)
    await expect(openStore({ url: 'file:' })).rejects.toThrow(message)
    await expect(openStore({ url: 'file:a.db', path: 'b.db' })).rejects.toThrow(message)
  })
})

describe('the tables', () => {
  test('integers are stored as integers', async () => {
    await (await open()).write([buildCall({ input_tokens: 5, streaming: 1, http_status: 200 })])
    const types = raw().prepare('SELECT typeof(input_tokens) i, typeof(streaming) s, typeof(started_at) t FROM calls')
    expect(types.get()).toEqual({ i: 'integer', s: 'integer', t: 'integer' })
  })

  test('a number that would make its row unreadable cannot be stored', async () => {
    await (await open()).write([buildCall()])
    expect(() => raw().exec('UPDATE calls SET input_tokens = 9007199254740992')).toThrow('CHECK constraint failed')
    expect(() => raw().exec("UPDATE calls SET metadata = '{'")).toThrow('CHECK constraint failed')
  })

  test('a run is found in the view without reading the others', async () => {
    await open()
    const plan = raw().prepare("EXPLAIN QUERY PLAN SELECT * FROM ai_usage_logs WHERE id = 'x'").all()
    expect(plan.map(({ detail }) => detail)).toContain('SEARCH calls USING INDEX calls_by_run (<expr>=?)')
  })

  test('an older writer works on a newer schema of its major version, and leaves it unchanged', async () => {
    await (await open()).close()
    const applied = (): unknown => raw().prepare('SELECT version FROM spanledger_migrations ORDER BY version').all()
    raw().exec(`
      ALTER TABLE calls ADD COLUMN colour TEXT;
      INSERT INTO spanledger_migrations (version, major, applied_at) VALUES (99, 1, 0)`)
    const before = applied()
    const store = await open()
    const call = buildCall({ content: buildContent({ answer: 'Noon' }) })
    expect(await store.write([call])).toMatchObject({ stored: 1 })
    expect(await store.write([call])).toMatchObject({ deduplicated: 1 })
    expect(Object.keys((await store.call(`${call.trace_id}-${call.span_id}`))!)).not.toContain('colour')
    expect(applied()).toEqual(before)
  })

  test('the log position of a deleted call is not reused', async () => {
    const store = await open()
    await store.write(numbered(3))
    raw().exec('DELETE FROM calls WHERE ingest_seq = 3')
    await store.write(numbered(1, 9))
    expect((await store.calls({})).calls.map((call) => call.ingest_seq).toSorted((a, b) => a - b)).toEqual([1, 2, 4])
  })
})

describe('a row that the database refuses', () => {
  test.each(['calls', 'call_contents'])('is returned, and the others are stored (%s)', async (table) => {
    const store = await open()
    const column = table === 'calls' ? 'name' : 'question'
    raw().exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${table} WHEN new.${column} = 'poison'
      BEGIN SELECT RAISE(ABORT, 'poison is refused'); END`)
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
    expect(raw().prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  })

  test('when the schema is broken no call is returned as rejected', async () => {
    const store = await open()
    raw().exec('DROP TABLE projects')
    await expect(store.write([buildCall({ project_id: 'shop' })])).rejects.toThrow('no such table')
    expect(await store.summary({})).toMatchObject({ calls: 0 })
  })
})

test('many processes open, migrate and write one new file at once', async () => {
  const writers = 6
  const script = join(import.meta.dirname, '../../write-calls.ts')
  const results = await Promise.all(
    Array.from(
      { length: writers },
      (_, index) =>
        new Promise<unknown>((resolve, reject) => {
          const child = fork(script, [path, String(index)], {
            execArgv: ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning'],
          })
          child.on('message', resolve)
          child.on('exit', (code) => reject(new Error(`The writer ended with ${code}`)))
        }),
    ),
  )
  // Each writes 200 calls of its own and 200 that all the others write too.
  const sum = (name: 'stored' | 'deduplicated') =>
    results.reduce<number>((sum, result) => sum + (result as Record<typeof name, number>)[name], 0)
  expect(sum('stored')).toBe(writers * 200 + 200)
  expect(sum('deduplicated')).toBe((writers - 1) * 200)
  const store = await open()
  expect(await store.summary({})).toMatchObject({ calls: writers * 200 + 200 })
  expect(raw().prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
})

function numbered(count: number, first = 1): ReturnType<typeof buildCall>[] {
  return Array.from({ length: count }, (_, index) =>
    buildCall({ span_id: (first + index).toString(16).padStart(16, '0'), name: `call ${index}` }),
  )
}

// Root may do everything, so a test about permissions lends its rights to nobody meanwhile.
async function asNobody(body: () => Promise<void>): Promise<void> {
  process.seteuid?.(65_534)
  try {
    await body()
  } finally {
    process.seteuid?.(0)
  }
}
