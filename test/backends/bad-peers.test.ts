import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type AppRun, query, runApp } from '../spanledger/run-app.ts'
import { runCli } from '../spanledger/run-cli.ts'
import { hasDocker } from './docker.ts'
import { freePort } from './free-port.ts'
import { jaegerServices } from './jaeger.ts'
import { INGEST_TOKEN, READ_TOKEN } from './ledger-process.ts'
import { type Pipeline, startPipeline } from './pipeline.ts'
import { until } from './until.ts'

let server: ProviderServer
beforeEach(async () => {
  server = await startProviderServer()
})
afterEach(() => server.close())

/** Runs an application that has its rows in a file, and exports spans as the environment says. */
async function callWith(env: Readonly<Record<string, string>>): Promise<AppRun> {
  const run = await runApp({ app: 'seven.ts', parameters: [server.openai], env })
  folders.push(run.folder)
  return run
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function expectUndisturbed(run: AppRun): void {
  // Spans that came to the wrong door are none.
  const calls = server.calls().filter(({ api }) => api !== 'unknown')
  expect(run.code).toBe(0)
  expect(JSON.parse(run.stdout)).toMatchObject({ text: calls.at(-1)?.text })
  expect(
    query(run.database, 'select input_tokens, output_tokens from calls where billable = 1 order by started_at'),
  ).toEqual(calls.map(({ billed }) => ({ input_tokens: billed?.inputTokens, output_tokens: billed?.outputTokens })))
}

const headers = (token: string) => ({ OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${token}` })

describe('where spans cannot be sent, the application and its rows are as ever, and a warning and doctor say why', () => {
  let mute: Server
  let closed: string

  beforeAll(async () => {
    mute = createServer((socket) => socket.on('error', () => {}).end())
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closed = `http://127.0.0.1:${await freePort()}`
  })

  afterAll(() => void mute.close())

  const portOf = (one: Server): number => {
    const address = one.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  test.each([
    ['nobody listens', () => closed, {}, /ECONNREFUSED/, /ECONNREFUSED/],
    ['another program listens', () => new URL(server.openai).origin, {}, /Not Found/, /answers 404/],
    [
      'what listens speaks no HTTP',
      () => `http://127.0.0.1:${portOf(mute)}`,
      {},
      /socket hang up|ECONNRESET/,
      /does not answer/,
    ],
    [
      'there is no TLS',
      () => `https://${new URL(server.openai).host}`,
      {},
      /wrong version number/,
      /wrong version number/,
    ],
    [
      'gRPC meets plain HTTP',
      () => new URL(server.openai).origin,
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /UNAVAILABLE/,
      undefined,
    ],
  ] as const)('%s', async (_, endpointOf, more, warning, finding) => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpointOf(), ...more }
    const run = await callWith(env)
    expectUndisturbed(run)
    expect(run.stderr).toMatch(warning)
    if (finding === undefined) return
    const doctor = await runCli(['doctor', '--no-round-trip'], { env })
    expect(doctor.stdout).toMatch(finding)
  })
})

describe.skipIf(!hasDocker())('a peer of the Collector that is away', () => {
  let pipeline: Pipeline
  let database: pg.Pool

  beforeAll(async () => {
    pipeline = await startPipeline()
    database = new pg.Pool({ connectionString: pipeline.postgres.url, max: 1 })
    database.on('error', () => {})
  })

  afterAll(async () => {
    await database?.end()
    await pipeline?.stop()
  })

  const modelCalls = async (service: string) => {
    const { rows } = await database.query<{ readonly n: number }>(
      'select count(*)::int as n from spanledger.calls where billable = 1 and service_name = $1',
      [service],
    )
    return rows[0]?.n
  }
  const isInJaeger = async (service: string) => (await jaegerServices(pipeline.jaeger.url)).includes(service)
  const throughCollector = (service: string) =>
    callWith({ OTEL_EXPORTER_OTLP_ENDPOINT: pipeline.collector.http, OTEL_SERVICE_NAME: service })

  test.each(['jaeger', 'ledger', 'postgres'] as const)(
    '%s is away: nobody notices, and what the Collector took arrives when it is back',
    async (name) => {
      const service = `without-${name}`
      await pipeline[name].kill()
      const run = await throughCollector(service)
      expectUndisturbed(run)
      expect(run.stderr).toBe('')
      await pipeline[name].start()
      await until(async () => (await modelCalls(service)) === server.calls().length, 'the ledger has the calls')
      await until(() => isInJaeger(service), 'Jaeger has the trace')
    },
  )

  test.each([
    ['no token', {}, /401|Unauthorized/],
    ['a wrong token', headers('a-token-that-nobody-has-made-0123456789'), /401|Unauthorized/],
    ['a token that may only read', headers(READ_TOKEN), /403|Forbidden/],
  ] as const)('the ledger, asked with %s, says so, and the application is not disturbed', async (_, env, answer) => {
    const run = await callWith({ OTEL_EXPORTER_OTLP_ENDPOINT: pipeline.ledger.url, ...env })
    expectUndisturbed(run)
    expect(run.stderr).toMatch(answer)
    const doctor = await runCli(['doctor', '--no-round-trip'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: pipeline.ledger.url, ...env },
    })
    expect(doctor.stdout).toMatch(/answers 40[13]/)
  })

  test('the ledger, asked with the right token, takes the spans without a Collector', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: pipeline.ledger.url,
      OTEL_SERVICE_NAME: 'direct',
      ...headers(INGEST_TOKEN),
    }
    const run = await callWith(env)
    expectUndisturbed(run)
    expect(await modelCalls('direct')).toBe(server.calls().length)
  })

  test('a Collector with a wrong token says so in its log, and Jaeger has the trace all the same', async () => {
    const collector = await pipeline.startCollector('a-token-that-nobody-has-made-0123456789')
    const run = await callWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.http, OTEL_SERVICE_NAME: 'wrong-token' })
    expectUndisturbed(run)
    expect(run.stderr).toBe('')
    await until(() => isInJaeger('wrong-token'), 'Jaeger has the trace')
    await until(async () => /HTTP Status Code 401/.test(await collector.logs()), 'the Collector says what is wrong')
    expect(await modelCalls('wrong-token')).toBe(0)
  })
})
