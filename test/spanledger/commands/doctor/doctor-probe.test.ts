import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import { join } from 'node:path'
import { hashToken } from '@spanledger/server'
import { afterEach, describe, expect, test } from 'vitest'
import { application, doctor } from './run-doctor.ts'
import { startServer } from '../../../server/test-server.ts'

const TOKEN = 't'.repeat(32)

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

/** What the command says of an application that sets OpenTelemetry up for itself. */
async function doctorOf(setUp: string, env: Record<string, string> = {}) {
  const folder = application()
  writeFileSync(join(folder, 'set-up.mjs'), setUp)
  const { bad, findings } = await doctor(folder, env, ['--import', './set-up.mjs'])
  return { bad: bad.map(({ what }) => what), good: findings.map(({ what }) => what) }
}

const IMPORTS = `
import { NodeTracerProvider, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-node'
import { GenAISpanProcessor, openUsageLog, recordUnsampled, register, UsageSpanProcessor } from 'spanledger'
const processors = () => [new GenAISpanProcessor([new UsageSpanProcessor(openUsageLog('file:.spanledger/usage.db'))])]
`

describe('spanledger doctor looks at a process that is set up as the application is', () => {
  test('finds that no context manager is registered', async () => {
    const setUp = (options: string) => `${IMPORTS}
      globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [new (class OpenTelemetry {})()]
      new NodeTracerProvider({ spanProcessors: processors() }).register(${options})`
    expect((await doctorOf(setUp('{ contextManager: null }'))).bad).toEqual(['No context manager is registered'])
    expect((await doctorOf(setUp(''))).bad).toEqual([])
  })

  test('finds that @ai-sdk/otel is registered twice, or not at all', async () => {
    const setUp = (count: number) => `${IMPORTS}
      class OpenTelemetry {}
      globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = Array.from({ length: ${count} }, () => new OpenTelemetry())
      new NodeTracerProvider({ spanProcessors: processors() }).register()`
    expect((await doctorOf(setUp(2))).bad).toEqual(['@ai-sdk/otel is registered 2 times with AI SDK 7'])
    expect((await doctorOf(setUp(0))).bad).toEqual(['AI SDK 7 has no telemetry integration'])
  })

  test('finds a sampler that keeps calls from the ledger', async () => {
    const setUp = (sampler: string) => `${IMPORTS}
      globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [new (class OpenTelemetry {})()]
      new NodeTracerProvider({ sampler: ${sampler}, spanProcessors: processors() }).register()`
    expect((await doctorOf(setUp('new TraceIdRatioBasedSampler(0)'))).bad).toEqual([
      'Only some traces are sampled (set-up.mjs)',
      'Only 0 of 40 traces are recorded',
      expect.stringMatching(/^The test span was not stored in /),
    ])
    const { bad, good } = await doctorOf(setUp('recordUnsampled(new TraceIdRatioBasedSampler(0))'))
    expect(bad).toEqual([])
    expect(good).toContainEqual(expect.stringMatching(/^Every trace is recorded; 0 of 40 are exported over OTLP/))
  }, 60_000)
})

describe('spanledger doctor starts a process', () => {
  test('that is gone afterwards, whatever the set-up does to stay', async () => {
    const folder = application()
    writeFileSync(
      join(folder, 'set-up.mjs'),
      `${IMPORTS}
      import { writeFileSync } from 'node:fs'
      writeFileSync('pid', String(process.pid))
      process.on('SIGTERM', () => {})
      setInterval(() => {}, 1_000)
      globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [new (class OpenTelemetry {})()]
      new NodeTracerProvider({ spanProcessors: processors() }).register()`,
    )
    const { bad } = await doctor(folder, {}, ['--import', './set-up.mjs'])
    expect(bad).toEqual([])
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  }, 60_000)

  test('that spanledger/register sets up where NODE_OPTIONS preloads something else', async () => {
    const folder = application()
    writeFileSync(join(folder, 'bootloader.cjs'), '')
    const { bad, findings } = await doctor(folder, { NODE_OPTIONS: '--require=./bootloader.cjs' }, [])
    expect(bad).toEqual([])
    expect(findings).toContainEqual({
      state: 'unknown',
      what: 'The modules that NODE_OPTIONS preloads set up no tracing, so spanledger/register was used',
      fix: expect.any(String),
    })
  })
})

describe('spanledger doctor keeps secrets', () => {
  /** A receiver that takes everything, and is told what it was asked with. */
  async function startVendor() {
    const seen = new Set<string | undefined>()
    const server = createHttpServer((request, response) => {
      seen.add(request.headers.authorization)
      request.resume().on('end', () => response.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ended.push(() => void server.close())
    return { host: `127.0.0.1:${(server.address() as { port: number }).port}`, seen }
  }

  test('from an endpoint that is not the ledger: its token', async () => {
    const env = { SPANLEDGER_TOKEN: TOKEN }
    const open = await startVendor()
    await doctor(application(), { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${open.host}` }, [])
    expect([...open.seen]).toEqual([undefined])
    const closed = await startVendor()
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20vendor' }
    await doctor(application(), { ...env, ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${closed.host}` }, [])
    expect([...closed.seen]).toEqual(['Bearer vendor'])
  }, 60_000)

  test('from its output: the password of an address, which it sends as an exporter does', async () => {
    const { host, seen } = await startVendor()
    const endpoint = await doctor(application(), { OTEL_EXPORTER_OTLP_ENDPOINT: `http://ada:s%40cret@${host}` }, [])
    expect(endpoint.bad).toEqual([])
    expect([...seen]).toEqual([`Basic ${Buffer.from('ada:s@cret').toString('base64')}`])
    const others = await Promise.all(
      [
        { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://ada:s%40cret@127.0.0.1:1' },
        { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://ada:s/s%40cret@collector' },
        { OTEL_EXPORTER_OTLP_ENDPOINT: 'ada:s%40cret@collector:4318' },
        { SPANLEDGER_DATABASE: 'http://ada:s%40cret@127.0.0.1:1' },
      ].map((env) => doctor(application(), env)),
    )
    expect(others.map(({ bad }) => bad.length)).toEqual([1, 1, 1, 1])
    expect(JSON.stringify([endpoint, others])).not.toContain('cret')
  }, 60_000)
})

describe('spanledger doctor follows a span over HTTP', () => {
  async function startLedger(scope: 'admin' | 'ingest') {
    const { server } = await startServer({ tokens: [{ hash: hashToken(TOKEN), scope }] })
    return (await server.listen({ port: 0 })).url
  }

  test('to a ledger that is the database', async () => {
    const ledger = async (scope: 'admin' | 'ingest') =>
      doctor(application(), { SPANLEDGER_DATABASE: await startLedger(scope), SPANLEDGER_TOKEN: TOKEN }, [])
    const { bad, findings } = await ledger('admin')
    expect(bad).toEqual([])
    expect(findings.at(-1)?.what).toMatch(/^The test span was stored in http:/)
    expect((await ledger('ingest')).findings.at(-1)).toEqual({
      state: 'unknown',
      what: expect.stringContaining('the token has no right to read'),
      fix: expect.any(String),
    })
    const away = await doctor(application(), { SPANLEDGER_DATABASE: 'http://127.0.0.1:1' })
    expect(away.bad.map(({ what }) => what)).toEqual(['http://127.0.0.1:1 does not answer'])
  }, 60_000)

  test.each(['http/protobuf', 'http/json'])('to a ledger that is an OTLP receiver, over %s', async (protocol) => {
    const url = await startLedger('admin')
    const { bad, findings } = await doctor(
      application(),
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${TOKEN}`,
      },
      [],
    )
    expect(bad).toEqual([])
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        `${url}/v1/traces accepts spans over ${protocol}`,
        `The test span reached ${url} over OTLP`,
      ]),
    )
  })
})

describe('spanledger doctor asks in the protocol that is set', () => {
  async function startGrpc(answer: (stream: ServerHttp2Stream) => void): Promise<string> {
    const server = createServer().on('stream', answer)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ended.push(() => void server.close())
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`
  }

  const withStatus = (status: string) => (stream: ServerHttp2Stream) => {
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.end(Buffer.alloc(5))
  }

  async function endpoint(url: string, protocol: string) {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol }
    const { bad, findings } = await doctor(application(), env)
    return { bad: bad.map(({ what }) => what), all: findings.map(({ what }) => what) }
  }

  test('gRPC where it is spoken', async () => {
    const url = await startGrpc(withStatus('0'))
    expect(await endpoint(url, 'grpc')).toEqual({
      bad: [],
      all: expect.arrayContaining([`${url} accepts spans over grpc`]),
    })
    expect((await endpoint(url, 'http/protobuf')).bad).toEqual([`${url}/v1/traces does not answer over http/protobuf`])
  })

  test('gRPC with a token that is wrong, and without a service', async () => {
    const refusing = await startGrpc(withStatus('16'))
    expect((await endpoint(refusing, 'grpc')).bad).toEqual([`${refusing} answers gRPC status 16`])
    const unknown = await startGrpc(withStatus('12'))
    expect((await endpoint(unknown, 'grpc')).bad).toEqual([`${unknown} answers gRPC status 12`])
  })

  test('gRPC where only HTTP is spoken', async () => {
    const { server } = await startServer()
    const { url } = await server.listen({ port: 0 })
    expect((await endpoint(url, 'grpc')).bad).toEqual([`${url} does not answer over grpc`])
  })
})
