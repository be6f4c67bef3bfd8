import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type AppRun, runApp } from '../spanledger/run-app.ts'
import { hasDocker } from './docker.ts'
import { callId, jaegerServices, type JaegerSpan, jaegerSpans, tagOf } from './jaeger.ts'
import { type Pipeline, startPipeline } from './pipeline.ts'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Row {
  readonly id: string
  readonly kind: string
  readonly billable: number
  readonly parent_span_id: string | null
  readonly request_model: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cache_read_tokens: number | null
  readonly cost_nano_usd: number | null
}

describe.skipIf(!hasDocker())(
  'Jaeger and the ledger tell one story, though calls reach the ledger by two roads',
  () => {
    let pipeline: Pipeline
    let database: pg.Pool
    let server: ProviderServer

    beforeAll(async () => {
      pipeline = await startPipeline()
      database = new pg.Pool({ connectionString: pipeline.postgres.url, max: 1, types: { getTypeParser: numbersFor } })
    })

    afterAll(async () => {
      await database?.end()
      await pipeline?.stop()
    })

    beforeEach(async () => {
      server = await startProviderServer()
    })

    afterEach(() => server.close())

    test.each([
      [4, 'http/protobuf'],
      [5, 'http/json'],
      [6, 'grpc'],
      [7, 'http/protobuf'],
      [7, 'http/json'],
      [7, 'grpc'],
    ] as const)('AI SDK %i over %s', async (major, protocol) => {
      const service = `shop-${major}-${protocol.replace('/', '-')}`
      const before = await pipeline.ledger.metrics()
      const run = await callWith(major, protocol, service)
      expect(run.code).toBe(0)

      const rows = await rowsOf(service)
      const billed = server.calls().slice(0, rows.filter(({ billable }) => billable === 1).length)
      expect(billed.length).toBeGreaterThanOrEqual(major === 7 ? 2 : 4)
      expect(rows.filter(({ billable }) => billable === 1).map(tokensOf)).toEqual(
        billed.map((call) => [
          call.billed?.inputTokens ?? null,
          call.billed?.outputTokens ?? null,
          call.billed?.cacheReadTokens ?? null,
        ]),
      )

      await until(async () => holdsAll(await jaegerSpans(pipeline.jaeger.url, service), rows), 'Jaeger has every call')
      expect(await jaegerServices(pipeline.jaeger.url)).toContain(service)
      const spans = await jaegerSpans(pipeline.jaeger.url, service)
      expectTree(spans, rows)
      expectSameFigures(spans, rows)

      // The other road alone carried all of them as well, and what it brought was there already or is there once.
      const taken = (figures: ReadonlyMap<string, number>): number =>
        (figures.get('spanledger_ingest_stored_total') ?? 0) +
        (figures.get('spanledger_ingest_deduplicated_total') ?? 0)
      await until(
        async () => taken(await pipeline.ledger.metrics()) - taken(before) >= rows.length,
        'the server has taken every call',
      )
      expect(await rowsOf(service)).toEqual(rows)
    })

    async function callWith(major: number, protocol: string, service: string): Promise<AppRun> {
      const run = await runApp({
        ...(major === 7 ? { app: 'seven.ts' } : { app: appIn(major), inItsFolder: true }),
        parameters: [server.openai, server.google],
        env: {
          SPANLEDGER_DATABASE: pipeline.postgres.url,
          SPANLEDGER_JOURNAL: `/tmp/spanledger-journal-${process.pid}-${service}`,
          OTEL_SERVICE_NAME: service,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? pipeline.collector.grpc : pipeline.collector.http,
        },
      })
      rmSync(run.folder, { recursive: true, force: true })
      return run
    }

    async function rowsOf(service: string): Promise<readonly Row[]> {
      const { rows } = await database.query<Row>(
        `select trace_id || '-' || span_id as id, kind, billable, parent_span_id, request_model,
              input_tokens, output_tokens, cache_read_tokens, cost_nano_usd
         from spanledger.calls where service_name = $1 order by started_at, billable desc, span_id`,
        [service],
      )
      return rows
    }
  },
)

function holdsAll(spans: readonly JaegerSpan[], rows: readonly Row[]): boolean {
  const ids = new Set(spans.map(callId))
  return rows.every(({ id }) => ids.has(id))
}

// Every span but the roots hangs below one that is there, each is there once, and the ledger's parent is on the way up.
function expectTree(spans: readonly JaegerSpan[], rows: readonly Row[]): void {
  const parents = new Map(spans.map((span) => [span.spanID, span.references[0]?.spanID]))
  expect(parents.size).toBe(spans.length)
  expect([...parents.values()].filter((parent) => parent !== undefined && !parents.has(parent))).toEqual([])
  for (const { id, kind, parent_span_id: parent } of rows) {
    if (parent === null) continue
    const ancestors: string[] = []
    for (let up = parents.get(id.slice(33)); up !== undefined; up = parents.get(up)) ancestors.push(up)
    // A tool call hangs below the model call that asked for it, which is a sibling among spans.
    expect(kind === 'tool' ? [...parents.keys()] : ancestors).toContain(parent)
  }
}

function expectSameFigures(spans: readonly JaegerSpan[], rows: readonly Row[]): void {
  const priced = rows.filter((row) => row.billable === 1)
  expect(
    spans
      .filter((span) => tagOf(span, 'gen_ai.usage.cost') !== undefined)
      .map(callId)
      .toSorted(),
  ).toEqual(priced.flatMap(({ id, cost_nano_usd: cost }) => (cost === null ? [] : [id])).toSorted())
  for (const row of priced) {
    const span = spans.find((one) => callId(one) === row.id)
    const tag = (key: string) => (span === undefined ? undefined : tagOf(span, key))
    const typed = (type: string, value: unknown) => (value === null ? undefined : [type, value])
    expect({
      model: tag('gen_ai.request.model'),
      input: tag('gen_ai.usage.input_tokens'),
      output: tag('gen_ai.usage.output_tokens'),
      nano: tag('spanledger.cost_nano_usd'),
      cost: tag('gen_ai.usage.cost'),
    }).toEqual({
      model: typed('string', row.request_model),
      input: typed('int64', row.input_tokens),
      output: typed('int64', row.output_tokens),
      nano: typed('int64', row.cost_nano_usd),
      cost: typed('float64', row.cost_nano_usd === null ? null : row.cost_nano_usd / 1e9),
    })
  }
}

function tokensOf(row: Row): readonly unknown[] {
  return [row.input_tokens, row.output_tokens, row.cache_read_tokens]
}

/** Puts the application where the packages of a major are found. */
function appIn(major: number): string {
  const folder = `test/conformance/ai-${major}/node_modules/.spanledger-backends`
  mkdirSync(`${ROOT}${folder}`, { recursive: true })
  copyFileSync(`${ROOT}test/spanledger/apps/four-to-six.mjs`, `${ROOT}${folder}/four-to-six.mjs`)
  return `${folder}/four-to-six.mjs`
}

const INT8 = 20

function numbersFor(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format)
}
