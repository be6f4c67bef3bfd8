import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { runCli } from '../spanledger/run-cli.ts'
import { hasDocker } from './docker.ts'
import { callId, jaegerSpans } from './jaeger.ts'
import { type Pipeline, startPipeline } from './pipeline.ts'
import { until } from './until.ts'

const STEADY = join(import.meta.dirname, 'apps/steady.ts')
const SERVICE = 'steady'
const CALLS = 60
const PAUSE_MS = 150

describe.skipIf(!hasDocker())('while an application makes calls, each peer is killed and started again', () => {
  let pipeline: Pipeline
  let database: pg.Pool
  let server: ProviderServer
  let folder: string

  beforeAll(async () => {
    // The two roads end in two schemas, so that each shows what it carried.
    pipeline = await startPipeline({ schema: 'by_collector' })
    database = new pg.Pool({ connectionString: pipeline.postgres.url, max: 1 })
    database.on('error', () => {}) // its server is killed as well
    server = await startProviderServer()
    folder = mkdtempSync(join(tmpdir(), 'spanledger-restarts-'))
  })

  afterAll(async () => {
    await database?.end()
    await server?.close()
    await pipeline?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the ledger has every call once, and what the Collector said it has reaches Jaeger and the ledger', async () => {
    const application = startSteady()
    const lines = outputOf(application)
    const made = (calls: number) => until(() => server.calls().length >= calls, `${calls} calls are made`)
    for (const [after, peer] of [
      [10, pipeline.collector],
      [22, pipeline.ledger],
      [34, pipeline.postgres],
    ] as const) {
      await made(after)
      await peer.kill()
      await made(after + 6)
      await peer.start()
    }
    expect(await lines.ended).toBe(0)
    // What waited for Postgres when the application ended is still in its journal.
    expect(await runCli(['drain', '--db', inProcess()], { folder })).toMatchObject({ code: 0 })

    const written = await rowsOf('in_process')
    expect(server.calls()).toHaveLength(CALLS)
    expect(written.filter(({ billable }) => billable === 1)).toHaveLength(CALLS)
    expect(sumsOf(written)).toEqual({
      input: server.calls().reduce((sum, { billed }) => sum + (billed?.inputTokens ?? 0), 0),
      output: server.calls().reduce((sum, { billed }) => sum + (billed?.outputTokens ?? 0), 0),
    })

    const acknowledged = new Set(lines.all())
    // Most of the time the Collector was there.
    expect(acknowledged.size).toBeGreaterThan(CALLS)
    const expected = written.filter(({ id }) => acknowledged.has(id))
    await until(async () => {
      const ids = new Set((await rowsOf('by_collector')).map(({ id }) => id))
      return expected.every(({ id }) => ids.has(id))
    }, 'the ledger has by way of the Collector what the Collector took')
    const carried = await rowsOf('by_collector')
    const byId = new Map(written.map((row) => [row.id, row]))
    expect(carried).toEqual(carried.map(({ id }) => byId.get(id)))
    await until(async () => {
      const ids = new Set((await jaegerSpans(pipeline.jaeger.url, SERVICE)).map(callId))
      return [...acknowledged].every((id) => ids.has(id))
    }, 'Jaeger has what the Collector took')
  })

  const inProcess = () => `${pipeline.postgres.url}?schema=in_process`

  function startSteady(): ChildProcess {
    const flags = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
    const parameters = [server.openai, inProcess(), `${CALLS}`, `${PAUSE_MS}`]
    return spawn(process.execPath, [...flags, STEADY, ...parameters], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        OTEL_SERVICE_NAME: SERVICE,
        OTEL_EXPORTER_OTLP_ENDPOINT: pipeline.collector.http,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }

  interface Row {
    readonly id: string
    readonly billable: number
    readonly input_tokens: number | null
    readonly output_tokens: number | null
    readonly cost_nano_usd: string | null
  }

  async function rowsOf(schema: string): Promise<readonly Row[]> {
    const { rows } = await database.query<Row>(
      `select trace_id || '-' || span_id as id, kind, run_id, billable, input_tokens::int, output_tokens::int, cost_nano_usd
         from ${schema}.calls order by trace_id, span_id`,
    )
    return rows
  }

  function sumsOf(rows: readonly Row[]): Readonly<Record<string, number>> {
    const leaves = rows.filter(({ billable }) => billable === 1)
    return {
      input: leaves.reduce((sum, row) => sum + (row.input_tokens ?? 0), 0),
      output: leaves.reduce((sum, row) => sum + (row.output_tokens ?? 0), 0),
    }
  }
})

function outputOf(child: ChildProcess): { all(): readonly string[]; readonly ended: Promise<number | null> } {
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    all: () => text.split('\n').filter((line) => line !== ''),
    ended: new Promise((resolve) => child.on('close', resolve)),
  }
}
