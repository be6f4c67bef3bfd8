import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { hashToken } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../../../builders.ts'
import { emptyFolder, runCli } from '../../run-cli.ts'
import { application, doctor, install } from './run-doctor.ts'
import { startServer } from '../../../server/test-server.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

describe('spanledger doctor', () => {
  test('finds nothing wrong where a span comes through', async () => {
    const { code, findings } = await doctor(application(), {}, [])
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
    expect(findings.at(-1)).toEqual({
      state: 'good',
      what: expect.stringMatching(/^The test span was stored in .*usage\.db$/),
    })
    expect(code).toBe(0)
  })

  test('says when a span does not come through', async () => {
    const folder = application()
    const { code, bad } = await doctor(folder, { SPANLEDGER_ENABLED: 'false' }, [])
    expect(bad).toEqual([
      { state: 'bad', what: 'No test span could be created', why: expect.any(String), fix: expect.any(String) },
    ])
    expect(code).toBe(1)
  })

  test('finds packages that do not go together', async () => {
    const folder = emptyFolder()
    install(folder, 'ai', '7.0.0')
    install(folder, '@opentelemetry/api', '1.9.0')
    install(folder, 'tracer/node_modules/@opentelemetry/api', '1.10.0')
    const { bad } = await doctor(folder)
    expect(bad.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^@opentelemetry\/api is installed twice: 1\.9\.0, and 1\.10\.0 in .*tracer/),
      'ai 7.0.0 without @ai-sdk/otel',
    ])
  })

  test('finds known traps in sources and environment', async () => {
    const folder = application()
    writeFileSync(join(folder, 'a.ts'), 'new NodeSDK({ traceExporter, spanProcessors: [] })')
    writeFileSync(join(folder, 'b.ts'), 'generateText({ telemetry: { integrations: [mine] } })')
    const { bad } = await doctor(folder, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' })
    expect(bad.map(({ what }) => what)).toEqual([
      'NodeSDK has both traceExporter and spanProcessors (a.ts)',
      'A call sets its own telemetry.integrations (b.ts)',
      'OTEL_TRACES_SAMPLER is traceidratio (0.1)',
    ])
  })

  test('tells an endpoint that takes spans from one that does not', async () => {
    const token = 't'.repeat(32)
    const { server } = await startServer({ tokens: [{ hash: hashToken(token), scope: 'ingest' }] })
    const { url } = await server.listen({ port: 0 })
    const folder = application()
    const endpoint = async (env: Record<string, string>) => (await doctor(folder, env)).bad.map(({ what }) => what)
    const headers = `Authorization=Bearer%20${token}`
    expect(await endpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: headers })).toEqual([])
    expect(await endpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: url })).toEqual([`${url}/v1/traces answers 401`])
    expect(await endpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toEqual([
      'http://127.0.0.1:1/v1/traces does not answer over http/protobuf',
    ])
    expect(await endpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' })).toEqual([
      'Spans go to "localhost:4318/v1/traces"',
    ])
  })

  test('finds a clock that is wrong', async () => {
    const http = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString()).end('{}')
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ended.push(() => void http.close())
    const { port } = http.address() as { port: number }
    const { bad } = await doctor(application(), { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
    expect(bad.map(({ what }) => what)).toEqual(['Its clock differs from ours by 60 min'])
  })

  test('finds models without a price', async () => {
    const folder = application()
    const store = await openStore({ path: join(folder, 'usage.db') })
    await store.write([
      call({
        model: 'mystery-1',
        cost_nano_usd: null,
        cost_source: null,
        price_version: null,
        cost_reason: 'unknown_model',
      }),
    ])
    await store.close()
    const { bad } = await doctor(folder, { SPANLEDGER_DATABASE: 'file:usage.db' })
    expect(bad.map(({ what }) => what)).toEqual(['1 model without a price, such as openai/mystery-1'])
  })
})

test('migrate says whether anything is to be done', async () => {
  const folder = emptyFolder()
  const migrate = (...parameters: string[]) => runCli(['migrate', ...parameters, '--db', 'file:usage.db'], { folder })
  expect(await migrate('status')).toMatchObject({ code: 1, stderr: expect.stringContaining('No database at') })
  writeFileSync(join(folder, 'usage.db'), '')
  expect(await migrate('status')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(': run "spanledger migrate"'),
  })
  expect(await migrate()).toMatchObject({ code: 0, stderr: expect.stringContaining('is up to date now') })
  expect(await migrate('status')).toMatchObject({ code: 0, stderr: expect.stringContaining('is up to date') })
  expect(await migrate()).toMatchObject({ code: 0, stderr: expect.stringContaining('was up to date') })
  expect(await migrate('later')).toMatchObject({ code: 2 })
})
