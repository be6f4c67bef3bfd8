import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ComparedOptions,
  type Comparison,
  countsOf,
  countsOfRuns,
  linesOf,
  oneLine,
  startComparison,
} from '../comparison.ts'
import { query } from '../run-app.ts'
import { runCli } from '../run-cli.ts'

let comparison: Comparison

beforeAll(async () => {
  comparison = await startComparison()
})

afterAll(() => comparison.close())

const IN_FOLDER = { SPANLEDGER_DATABASE: 'file:usage.db' }

/** A folder with a database that holds one run of the application. */
async function folderWithRows(): Promise<{ readonly folder: string; readonly database: string }> {
  const folder = comparison.newFolder()
  await comparison.run({ folder, env: IN_FOLDER })
  return { folder, database: join(folder, 'usage.db') }
}

test('an application that is set up well prints what it prints without us, and nothing else', async () => {
  const ran = await comparison.runUnharmed({})
  expect(ran.stderr).toBe('')
  expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
})

describe('a database that cannot be', () => {
  test.each([
    ['in a folder that is missing', 'file:nowhere/usage.db', ['nowhere for the database is missing', 'mkdir -p']],
    ['a folder', 'file:/tmp', ['/tmp is a folder', 'name a file in it']],
    ['in a file', 'file:/dev/null/usage.db', ['/dev/null/usage.db cannot be created', 'name a file elsewhere']],
    ['where nobody can write', 'file:/proc/usage.db', ['/proc/usage.db cannot be created', 'write access']],
    ['of another kind', 'mysql://ada:secret@db/usage', ['"mysql://…@db/usage"', 'use file:usage.db']],
    [
      'on a server that is not there',
      'postgres://127.0.0.1:1/usage',
      ['cannot store calls: Postgres at 127.0.0.1:1', 'They wait in'],
    ],
    ['of a server, misspelt', 'postgres://a:secret@b:port', ['Cannot read "postgres://…@b:port"', 'use postgres://']],
    ['without a name', 'file:', ['"file:" must name a file', 'use file:usage.db']],
    ['on another machine', 'file://host/usage.db', ['"file://host/usage.db" must name a file', 'use file:usage.db']],
    ['gone with the process', ':memory:', ['":memory:" must name a file', 'use file:usage.db']],
  ])('%s is said in one line', async (_, url, said) => {
    const ran = await comparison.runUnharmed({ env: { SPANLEDGER_DATABASE: url } })
    expect(linesOf(ran)).toEqual(oneLine(...said))
    expect(ran.stderr).not.toContain('secret')
  })

  test('an empty SPANLEDGER_DATABASE is none', async () => {
    const ran = await comparison.runUnharmed({ env: { SPANLEDGER_DATABASE: '' } })
    expect(ran.stderr).toBe('')
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  describe.skipIf(!othersCanRead(fileURLToPath(new URL('.', import.meta.url))))('written by this user', () => {
    test('because the folder is read-only', async () => {
      const ran = await comparison.runUnharmed({ folder: comparison.newFolder(), ...asNobody() })
      expect(linesOf(ran)).toEqual(oneLine('.spanledger cannot be created', 'write access'))
    })

    test('because the file is read-only, and keeps its rows', async () => {
      const { folder, database } = await folderWithRows()
      chmodSync(database, 0o444)
      const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER, ...asNobody() })
      expect(linesOf(ran)).toEqual(oneLine('usage.db is not writable', 'access'))
      expect(countsOf(database)).toEqual(countsOfRuns(1))
    })
  })

  test('overwritten, because it is something else, stays byte for byte', async () => {
    const folder = comparison.newFolder()
    const bytes = Buffer.from('This is no database. '.repeat(500))
    writeFileSync(join(folder, 'usage.db'), bytes)
    const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(
      oneLine('usage.db is not a SQLite database and was left unchanged', 'use another file'),
    )
    expect(readFileSync(join(folder, 'usage.db')).equals(bytes)).toBe(true)
  })

  test('read, because it is damaged, stays byte for byte', async () => {
    const { folder, database } = await folderWithRows()
    const bytes = readFileSync(database).fill(0x5a, 4096)
    writeFileSync(database, bytes)
    const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('usage.db is damaged and was left unchanged', 'move it away'))
    expect(readFileSync(database).equals(bytes)).toBe(true)
  })

  test('another application’s stays byte for byte', async () => {
    const folder = comparison.newFolder()
    const other = new DatabaseSync(join(folder, 'usage.db'))
    other.exec('create table orders (id integer primary key)')
    other.close()
    const bytes = readFileSync(join(folder, 'usage.db'))
    const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('belongs to another application and was left unchanged', 'a file of its own'))
    expect(readFileSync(join(folder, 'usage.db')).equals(bytes)).toBe(true)
  })

  test('written, because a newer version made it, keeps its rows', async () => {
    const { folder, database } = await folderWithRows()
    const newer = new DatabaseSync(database)
    newer.exec('update spanledger_migrations set major = major + 1')
    newer.close()
    const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('was written by a newer Spanledger', 'update Spanledger'))
    expect(countsOf(database)).toEqual(countsOfRuns(1))
  })

  test('said by the event loop is said when process.exit ends it', async () => {
    const ran = await comparison.run({ parameters: ['exit'], env: { SPANLEDGER_DATABASE: 'file:nowhere/usage.db' } })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: comparison.alone.stdout })
    expect(linesOf(ran)).toEqual(oneLine('nowhere for the database is missing', 'calls'))
  })
})

test(
  'a database that another process holds gets its rows when the application runs again',
  { timeout: 120_000 },
  async () => {
    const { folder, database } = await folderWithRows()
    const other = new DatabaseSync(database)
    other.exec('begin immediate')
    const ran = await comparison.runUnharmed({ folder, env: IN_FOLDER })
    other.exec('commit')
    other.close()
    expect(linesOf(ran)).toHaveLength(1)
    expect(linesOf(ran)[0]).toMatch(/4 calls wait in .*usage\.db\.spanledger|cannot store calls: .*They wait in/)
    expect((await comparison.runUnharmed({ folder, env: IN_FOLDER })).stderr).toBe('')
    const drained = await runCli(['drain', '--db', 'file:usage.db'], { folder })
    expect(drained.code).toBe(0)
    expect(countsOf(database)).toEqual(countsOfRuns(3))
  },
)

describe('a wrong setting is said in one line, and the calls are stored', () => {
  test.each([
    [{ SPANLEDGER_CONTENT: 'everything' }, ['"everything" (SPANLEDGER_CONTENT)', 'use none, preview, full']],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, ['OTEL_TRACES_EXPORTER "zipkin"', 'use otlp, console or none']],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, ['OTEL_TRACES_SAMPLER "sometimes"', 'use always_on']],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' },
      ['OTEL_TRACES_SAMPLER_ARG "half" must be a number from 0 to 1'],
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'not a url', OTEL_EXPORTER_OTLP_TIMEOUT: '1000' },
      ['spans could not be sent', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ],
  ])('%o', { timeout: 60_000 }, async (env, said) => {
    const ran = await comparison.runUnharmed({ env })
    expect(linesOf(ran)).toEqual(oneLine(...said))
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  test('an unknown content mode keeps no words', async () => {
    const ran = await comparison.runUnharmed({ env: { SPANLEDGER_CONTENT: 'off' } })
    expect(
      query(
        ran.database,
        'select question, answer from call_contents where question is not null or answer is not null',
      ),
    ).toEqual([])
  })

  test.each([
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=b,,=c,%' }],
    [{ OTEL_PROPAGATORS: 'pigeon', OTEL_NODE_RESOURCE_DETECTORS: 'all' }],
    [{ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: 'many', OTEL_BSP_SCHEDULE_DELAY: 'soon' }],
    [{ OTEL_LOG_LEVEL: 'error' }],
  ])('what the OpenTelemetry SDK puts up with, we put up with: %o', async (env) => {
    const ran = await comparison.runUnharmed({ env })
    expect(linesOf(ran).filter((line) => line.includes('spanledger') || line.includes('Accessing'))).toEqual([])
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  test('OTEL_SDK_DISABLED, which leaves no spans to store', async () => {
    const ran = await comparison.runUnharmed({ env: { OTEL_SDK_DISABLED: 'true' } })
    expect(linesOf(ran)).toEqual(oneLine('OTEL_SDK_DISABLED', 'unset it'))
  })
})

/** For whom permission bits count; they do not for root. */
function asNobody(): ComparedOptions {
  return process.getuid?.() === 0 ? { uid: 65_534 } : {}
}

function othersCanRead(path: string): boolean {
  return (statSync(path).mode & 0o005) === 0o005 && (dirname(path) === path || othersCanRead(dirname(path)))
}
