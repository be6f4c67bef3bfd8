import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { rootWithout } from './app-root.ts'
import { type AppOptions, type AppRun, query, runApp } from './run-app.ts'

let server: ProviderServer
let alone: AppRun

beforeAll(async () => {
  server = await startProviderServer()
  alone = await run({ preload: false })
})

afterAll(() => server.close())

// A run, two model calls and a tool call.
const ROWS = 4

function run(options: Partial<AppOptions>): Promise<AppRun> {
  const { parameters = [], ...rest } = options
  return runApp({ app: 'seven.ts', parameters: [server.openai, ...parameters], ...rest })
}

/** Runs the application as badly set up as `options` say: what it does is what it does without us. */
async function runUnharmed(options: Partial<AppOptions>): Promise<AppRun> {
  const ran = await run(options)
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: alone.code, stdout: alone.stdout })
  return ran
}

/** What was said on standard error, without Node's own hint. */
function linesOf({ stderr }: AppRun): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('(Use `node --trace-warnings'))
}

function oneLine(...parts: readonly string[]): unknown {
  return [
    expect.stringMatching(
      new RegExp(
        `^\\(node:\\d+\\) SpanledgerWarning: spanledger: .*${parts.map((part) => RegExp.escape(part)).join('.*')}`,
      ),
    ),
  ]
}

function countOf(database: string): unknown {
  return query(database, 'select count(*) as calls, count(distinct span_id) as spans from calls')
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-bad-'))
  chmodSync(folder, 0o755)
  return folder
}

/** A folder with a database that holds one run of the application. */
async function folderWithRows(): Promise<{ readonly folder: string; readonly database: string }> {
  const folder = newFolder()
  await run({ folder, env: IN_FOLDER })
  return { folder, database: join(folder, 'usage.db') }
}

const IN_FOLDER = { SPANLEDGER_DATABASE: 'file:usage.db' }

test('an application that is set up well prints what it prints without us, and nothing else', async () => {
  const ran = await runUnharmed({})
  expect(ran.stderr).toBe('')
  expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
})

describe('a database that cannot be', () => {
  test.each([
    ['in a folder that is missing', 'file:nowhere/usage.db', ['nowhere for the database is missing', 'mkdir -p']],
    ['a folder', 'file:/tmp', ['/tmp is a folder', 'name a file in it']],
    ['in a file', 'file:/dev/null/usage.db', ['/dev/null/usage.db cannot be made', 'name a file elsewhere']],
    ['where nobody can write', 'file:/proc/usage.db', ['/proc/usage.db cannot be made', 'write access']],
    ['of another kind', 'mysql://ada:secret@db/usage', ['"mysql://…@db/usage"', 'use file:usage.db']],
    ['on another server', 'postgres://db/usage', ['"postgres://db/usage"', 'use file:usage.db']],
    ['without a name', 'file:', ['"file:" names no file', 'use file:usage.db']],
    ['on another machine', 'file://host/usage.db', ['"file://host/usage.db" names no file', 'use file:usage.db']],
    ['gone with the process', ':memory:', ['":memory:" names no file', 'use file:usage.db']],
  ])('%s is said in one line', async (_, url, said) => {
    const ran = await runUnharmed({ env: { SPANLEDGER_DATABASE: url } })
    expect(linesOf(ran)).toEqual(oneLine(...said))
    expect(ran.stderr).not.toContain('secret')
  })

  test('an empty SPANLEDGER_DATABASE is none', async () => {
    const ran = await runUnharmed({ env: { SPANLEDGER_DATABASE: '' } })
    expect(ran.stderr).toBe('')
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  describe.skipIf(!othersCanRead(fileURLToPath(new URL('.', import.meta.url))))('written by this user', () => {
    test('because the folder is read-only', async () => {
      const ran = await runUnharmed({ folder: newFolder(), ...asNobody() })
      expect(linesOf(ran)).toEqual(oneLine('.spanledger cannot be made', 'write access'))
    })

    test('because the file is read-only, and keeps its rows', async () => {
      const { folder, database } = await folderWithRows()
      chmodSync(database, 0o444)
      const ran = await runUnharmed({ folder, env: IN_FOLDER, ...asNobody() })
      expect(linesOf(ran)).toEqual(oneLine('usage.db cannot be', 'access'))
      expect(countOf(database)).toEqual([{ calls: ROWS, spans: ROWS }])
    })
  })

  test('overwritten, because it is something else, stays byte for byte', async () => {
    const folder = newFolder()
    const bytes = Buffer.from('This is no database. '.repeat(500))
    writeFileSync(join(folder, 'usage.db'), bytes)
    const ran = await runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('usage.db is not a SQLite database and was left as it is', 'use another file'))
    expect(readFileSync(join(folder, 'usage.db')).equals(bytes)).toBe(true)
  })

  test('read, because it is damaged, stays byte for byte', async () => {
    const { folder, database } = await folderWithRows()
    const bytes = readFileSync(database).fill(0x5a, 4096)
    writeFileSync(database, bytes)
    const ran = await runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('usage.db is damaged and was left as it is', 'move it away'))
    expect(readFileSync(database).equals(bytes)).toBe(true)
  })

  test('another application’s stays byte for byte', async () => {
    const folder = newFolder()
    const other = new DatabaseSync(join(folder, 'usage.db'))
    other.exec('create table orders (id integer primary key)')
    other.close()
    const bytes = readFileSync(join(folder, 'usage.db'))
    const ran = await runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(
      oneLine('is the database of something else and was left as it is', 'a file of its own'),
    )
    expect(readFileSync(join(folder, 'usage.db')).equals(bytes)).toBe(true)
  })

  test('written, because a newer version made it, keeps its rows', async () => {
    const { folder, database } = await folderWithRows()
    const newer = new DatabaseSync(database)
    newer.exec('update spanledger_migrations set major = major + 1')
    newer.close()
    const ran = await runUnharmed({ folder, env: IN_FOLDER })
    expect(linesOf(ran)).toEqual(oneLine('was written by a newer Spanledger', 'update Spanledger'))
    expect(countOf(database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test('said by the event loop is said when process.exit ends it', async () => {
    const ran = await run({ parameters: ['exit'], env: { SPANLEDGER_DATABASE: 'file:nowhere/usage.db' } })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: alone.stdout })
    expect(linesOf(ran)).toEqual(oneLine('nowhere for the database is missing', 'calls'))
  })
})

test('a database that another process holds for some seconds gets its rows afterwards', async () => {
  const { folder, database } = await folderWithRows()
  const other = new DatabaseSync(database)
  other.exec('begin immediate')
  setTimeout(() => {
    other.exec('commit')
    other.close()
  }, 3_000)
  const ran = await runUnharmed({ folder, env: IN_FOLDER })
  expect(ran.stderr).toBe('')
  expect(countOf(database)).toEqual([{ calls: 2 * ROWS, spans: 2 * ROWS }])
})

describe('a wrong setting is said in one line, and the calls are stored', () => {
  test.each([
    [{ SPANLEDGER_CONTENT: 'everything' }, ['"everything" (SPANLEDGER_CONTENT)', 'use none, preview, full']],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, ['OTEL_TRACES_EXPORTER "zipkin"', 'use otlp, console or none']],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, ['OTEL_TRACES_SAMPLER "sometimes"', 'use always_on']],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' },
      ['OTEL_TRACES_SAMPLER_ARG is "half"', 'from 0 to 1'],
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'not a url' }, ['spans could not be sent', 'OTEL_EXPORTER_OTLP_ENDPOINT']],
  ])('%o', { timeout: 60_000 }, async (env, said) => {
    const ran = await runUnharmed({ env })
    expect(linesOf(ran)).toEqual(oneLine(...said))
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test('an unknown content mode keeps no words', async () => {
    const ran = await runUnharmed({ env: { SPANLEDGER_CONTENT: 'off' } })
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
    const ran = await runUnharmed({ env })
    expect(linesOf(ran).filter((line) => line.includes('spanledger') || line.includes('Accessing'))).toEqual([])
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test('OTEL_SDK_DISABLED, which leaves no spans to store', async () => {
    expect(linesOf(await runUnharmed({ env: { OTEL_SDK_DISABLED: 'true' } }))).toEqual(
      oneLine('OTEL_SDK_DISABLED', 'unset it'),
    )
  })
})

describe('a collector that', () => {
  const servers: Server[] = []

  afterAll(() => {
    for (const collector of servers) {
      collector.closeAllConnections()
      collector.close()
    }
  })

  async function collectorThat(answers: (respond: (status: number) => void) => void): Promise<string> {
    const collector = createServer((_, response) => answers((status) => response.writeHead(status).end()))
    servers.push(collector)
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  }

  test.each([
    ['refuses connections', async () => 'http://127.0.0.1:1'],
    ['answers 500', () => collectorThat((respond) => respond(500))],
    ['answers 401', () => collectorThat((respond) => respond(401))],
    ['never answers', () => collectorThat(() => {})],
  ])('%s is named in one line, and the calls are stored', { timeout: 60_000 }, async (_, start) => {
    const ran = await runUnharmed({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: await start() } })
    expect(linesOf(ran)).toEqual(oneLine('spans could not be sent', 'OTEL_EXPORTER_OTLP_ENDPOINT'))
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })
})

describe('a package that is not installed is named with the command that installs it', () => {
  test.each(['@ai-sdk/otel', '@opentelemetry/sdk-node'])('%s', { timeout: 60_000 }, async (name) => {
    const ran = await runUnharmed({ root: rootWithout({ package: name }) })
    expect(linesOf(ran)).toEqual(oneLine(`npm install ${name}`))
  })
})

describe('without a worker thread', () => {
  test('because Node does not allow one, calls are stored on the main thread', async () => {
    const ran = await runUnharmed({ flags: ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'] })
    expect(linesOf(ran)).toEqual(oneLine('no worker thread could be started', '--allow-worker', 'main thread'))
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test('because its file is missing, calls are stored on the main thread', { timeout: 60_000 }, async () => {
    const ran = await runUnharmed({ root: rootWithout({ file: 'packages/spanledger/src/store-worker.ts' }) })
    expect(linesOf(ran)).toEqual(oneLine('no worker thread can store calls', 'main thread'))
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test.each([0, 100, 250, 500])('because it was killed after %i ms, every call is stored once', async (killAfterMs) => {
    const ran = await runUnharmed({ app: 'worker-killed.ts', parameters: [String(killAfterMs)] })
    if (ran.stderr !== '') expect(linesOf(ran)).toEqual(oneLine('no worker thread can store calls', 'main thread'))
    expect(countOf(ran.database)).toEqual([{ calls: ROWS, spans: ROWS }])
  })

  test('calls that process.exit leaves no time for are counted', async () => {
    const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*']
    const ran = await run({ flags, parameters: ['exit'] })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: alone.stdout })
    expect(linesOf(ran).at(-1)).toMatch(
      /\d calls are lost, because the process ended before they were stored; await shutdown\(\)/,
    )
  })
})

/** For whom permission bits count; they do not for root. */
function asNobody(): Partial<AppOptions> {
  return process.getuid?.() === 0 ? { uid: 65_534 } : {}
}

function othersCanRead(path: string): boolean {
  return (statSync(path).mode & 0o005) === 0o005 && (dirname(path) === path || othersCanRead(dirname(path)))
}
