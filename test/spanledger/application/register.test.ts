import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../provider-server/index.ts'
import { type OtlpReceiver, spansOf, startOtlpReceiver } from '../otlp-receiver.ts'
import { query, runApp } from '../run-app.ts'
import { runCli } from '../run-cli.ts'

let server: ProviderServer
let receiver: OtlpReceiver

beforeEach(async () => {
  server = await startProviderServer()
  receiver = await startOtlpReceiver()
})

afterEach(async () => {
  await server.close()
  await receiver.close()
})

const LEAVES =
  'select input_tokens, output_tokens, cache_read_tokens, reasoning_tokens, response_id from calls where billable = 1 order by started_at, span_id'

/** What the provider put on the wire, in the columns of LEAVES. */
function billedRows(): Record<string, unknown>[] {
  return server.calls().map((call) => ({
    input_tokens: call.billed?.inputTokens ?? null,
    output_tokens: call.billed?.outputTokens ?? null,
    cache_read_tokens: call.billed?.cacheReadTokens ?? null,
    reasoning_tokens: call.billed?.reasoningTokens ?? null,
    response_id: call.responseId ?? null,
  }))
}

describe('node --import spanledger/register', () => {
  test('fills the database with one row per provider call, its run and its tools', async () => {
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai] })
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    expect(query(run.database, LEAVES)).toEqual(billedRows())
    expect(query(run.database, 'select kind, count(*) as n from calls group by kind order by kind')).toEqual([
      { kind: 'model', n: 2 },
      { kind: 'run', n: 1 },
      { kind: 'tool', n: 1 },
    ])
  })

  test.each([
    ['process.exit', 'exit', 3],
    ['an uncaught exception', 'throw', 1],
  ])('%s loses no ended span and keeps the exit code', async (_, end, code) => {
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai, end] })
    expect(run.code).toBe(code)
    expect(query(run.database, LEAVES)).toEqual(billedRows())
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s loses no ended span and ends the process', async (signal) => {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [server.openai, 'wait'],
      onOutput: (_, child) => child.kill(signal),
    })
    expect(run.signal).toBe(signal)
    expect(query(run.database, LEAVES)).toEqual(billedRows())
  })

  test('an application that registers @ai-sdk/otel itself has every call once', async () => {
    const run = await runApp({ app: 'own-integration.ts', parameters: [server.openai] })
    expect(run.code).toBe(0)
    expect(query(run.database, 'select count(*) as n from calls where billable = 1')).toEqual([
      { n: server.calls().length },
    ])
  })

  test('exports GenAI spans to where OTEL_EXPORTER_OTLP_ENDPOINT says, with the same tokens', async () => {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [server.openai],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_SERVICE_NAME: 'shop',
      },
    })
    expect(run.stderr).toBe('')
    const spans = spansOf(receiver.requests())
    expect(spans.map((span) => span.name).sort()).toEqual([
      'agent_step',
      'agent_step',
      'chat gpt-5-mini',
      'chat gpt-5-mini',
      'execute_tool weather',
      'invoke_agent',
    ])
    const tokens = spans.flatMap((span) => span.attributes.filter(({ key }) => key === 'spanledger.cost_nano_usd'))
    expect(tokens).toHaveLength(server.calls().length)
    expect(query(run.database, 'select distinct service_name from calls')).toEqual([{ service_name: 'shop' }])
  })

  test('the exported spans, imported elsewhere, give the same rows', async () => {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [server.openai],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    })
    const file = join(run.folder, 'spans.jsonl')
    writeFileSync(
      file,
      receiver
        .requests()
        .map((request) => JSON.stringify(request))
        .join('\n'),
    )
    const imported = join(run.folder, 'imported.db')
    const result = await runCli(['import', file, '--db', `file:${imported}`])
    expect(result.code).toBe(0)
    for (const table of ['calls', 'call_contents']) {
      const rows = (database: string) =>
        query(database, `select * from ${table} order by span_id`).map(({ created_at, ingest_seq, ...row }) => row)
      expect(rows(imported).length).toBeGreaterThan(0)
      expect(rows(imported)).toEqual(rows(run.database))
    }
  })

  test('SPANLEDGER_ENABLED=false leaves a stock pipeline and no database', async () => {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [server.openai],
      env: {
        SPANLEDGER_ENABLED: 'false',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      },
    })
    expect(run.code).toBe(0)
    expect(existsSync(run.database)).toBe(false)
    const keys = spansOf(receiver.requests()).flatMap((span) => span.attributes.map(({ key }) => key))
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((key) => key.startsWith('spanledger.'))).toEqual([])
  })

  test('SPANLEDGER_ENABLED=false without an exporter does nothing at all', async () => {
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai], env: { SPANLEDGER_ENABLED: 'false' } })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(run.database)).toBe(false)
  })

  test('head sampling hides traces from the exporter and no call from the ledger', async () => {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [server.openai],
      env: {
        OTEL_TRACES_SAMPLER: 'always_off',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      },
    })
    expect(spansOf(receiver.requests())).toEqual([])
    expect(query(run.database, LEAVES)).toEqual(billedRows())
  })
})

/** What register warns of, without Node's prefix. */
function warningsIn(stderr: string): string[] {
  return [...stderr.matchAll(/SpanledgerWarning: spanledger: (.*)/g)].map(([, warning]) => warning ?? '')
}

describe('register()', () => {
  test('a second call gives back what the first one made', async () => {
    const run = await runApp({ app: 'twice.ts', preload: false, parameters: [server.openai] })
    expect(run.stderr).toContain('same: true\n')
    expect(warningsIn(run.stderr)).toEqual([
      'register() was called before, so these options are ignored: serviceName "second" (in effect: "first"). Pass them to the first call',
    ])
    expect(query(run.database, LEAVES)).toEqual(billedRows())
    expect(query(run.database, 'select distinct service_name from calls')).toEqual([{ service_name: 'first' }])
  })

  test('after --import says which of its options are ignored, each with the value in effect, and once', async () => {
    const run = await runApp({ app: 'preloaded-and-called.ts', parameters: [server.openai] })
    const asked = join(run.folder, 'other.db')
    expect(warningsIn(run.stderr)).toEqual([
      '--import spanledger/register has set this process up already, so these options are ignored: ' +
        `serviceName "shop" (in effect: none), database "${asked}" (in effect: "${run.database}"). ` +
        'Set OTEL_SERVICE_NAME and SPANLEDGER_DATABASE instead, or leave out the --import',
    ])
    expect(existsSync(asked)).toBe(false)
    expect(query(run.database, LEAVES)).toEqual(billedRows())
  })

  test('names an option and a variable that do not exist, with the nearest that does', async () => {
    const run = await runApp({
      app: 'misspelt.ts',
      preload: false,
      env: { SPANLEDGER_DATABSE: 'file:x.db', SPANLEDGER_JOURNAL_SIZE: '5', SPANLEDGER_URL: 'http://127.0.0.1:1' },
    })
    expect(warningsIn(run.stderr)).toEqual([
      'register has no option "databse"; use database. It has no effect',
      'Unknown variable "SPANLEDGER_DATABSE"; use SPANLEDGER_DATABASE. It has no effect',
      'Unknown variable "SPANLEDGER_JOURNAL_SIZE"; use SPANLEDGER_JOURNAL_MB. It has no effect',
    ])
  })

  test('after a shutdown it starts anew', async () => {
    const run = await runApp({ app: 'again.ts', preload: false, parameters: [server.openai] })
    expect(run.stderr).toBe('same: false\n')
    expect(query(run.database, LEAVES)).toEqual(billedRows())
    expect(query(run.database, 'select distinct service_name from calls order by 1')).toEqual([
      { service_name: 'first' },
      { service_name: 'second' },
    ])
  })

  test('leaves a standing tracer provider alone and says which two lines to add', async () => {
    const run = await runApp({ app: 'own-provider.ts', preload: false, parameters: [server.openai] })
    expect(run.code).toBe(0)
    expect(run.stderr).toContain('spanProcessors: [register().spanProcessor')
    expect(existsSync(run.database)).toBe(false)
  })

  test('those two lines record every call', async () => {
    const run = await runApp({
      app: 'own-provider.ts',
      preload: false,
      parameters: [server.openai, 'naturally', 'added'],
    })
    expect(query(run.database, LEAVES)).toEqual(billedRows())
  })
})
