import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startProviderServer } from '../provider-server/index.ts'
import { query, runApp } from '../spanledger/run-app.ts'
import { freePort } from './free-port.ts'
import { createLedgerProcess, INGEST_TOKEN, READ_TOKEN } from './ledger-process.ts'
import { until } from './until.ts'

const DEPLOY = join(import.meta.dirname, '../../deploy')
const PROMETHEUS = '/usr/bin/prometheus'
const PROMTOOL = '/usr/bin/promtool'

interface Panel {
  readonly targets: readonly { readonly expr?: string }[]
}

const run = promisify(execFile)

if (!existsSync(PROMETHEUS)) {
  process.stderr.write('\n!!! SKIPPED: no Prometheus on this machine (apt-get install prometheus)\n\n')
}

test.skipIf(!existsSync(PROMETHEUS))(
  'Prometheus scrapes the server with a token, and adds up what calls cost',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spanledger-prometheus-'))
    const server = await startProviderServer()
    const ledger = createLedgerProcess({
      host: '127.0.0.1',
      port: await freePort(),
      database: `file:${join(folder, 'usage.db')}`,
    })
    await ledger.start()
    const port = await freePort()
    await writeFile(join(folder, 'token'), READ_TOKEN)
    await writeFile(join(folder, 'prometheus.yml'), configFor(ledger.url))
    const prometheus = spawn(
      PROMETHEUS,
      [`--config.file=prometheus.yml`, '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
      { cwd: folder, stdio: 'ignore' },
    )
    try {
      // A counter that begins with a figure has not increased, so the scraping comes first.
      await until(async () => (await valueOf(port, 'up{job="spanledger"}')) === 1, 'Prometheus scrapes the server')
      const run = await runApp({
        app: 'seven.ts',
        parameters: [server.openai],
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: ledger.url,
          OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${INGEST_TOKEN}`,
        },
      })
      expect(run.code).toBe(0)
      const [row] = query(
        run.database,
        'select sum(cost_nano_usd) as cost, sum(total_tokens) as tokens from calls where billable = 1',
      )
      await rm(run.folder, { recursive: true, force: true })
      const calls = server.calls().length
      await until(
        async () => (await valueOf(port, 'sum(spanledger_calls_total)')) === calls,
        'Prometheus has the calls',
      )
      expect(await valueOf(port, 'sum(spanledger_tokens_total{type=~"input|output"})')).toBe(row?.['tokens'])
      expect(await valueOf(port, 'sum(spanledger_cost_usd_total)')).toBeCloseTo(Number(row?.['cost']) / 1e9, 12)
      expect(await valueOf(port, 'sum(spanledger_tool_calls_total{tool="weather"})')).toBe(1)
      // Series that the alerts and the dashboard ask for, and that are there whatever has happened.
      for (const name of await seriesOfAlerts()) expect([name, await isKnown(port, name)]).toEqual([name, true])
    } finally {
      prometheus.kill()
      await once(prometheus, 'exit')
      await ledger.kill()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
)

test.skipIf(!existsSync(PROMTOOL))(
  'promtool accepts the configuration and the rules, and each alert fires when it has to',
  async () => {
    await expect(run(PROMTOOL, ['check', 'config', join(DEPLOY, 'prometheus.yml')])).resolves.toBeDefined()
    await expect(run(PROMTOOL, ['test', 'rules', join(DEPLOY, 'alerts.test.yml')])).resolves.toBeDefined()
  },
)

test.skipIf(!existsSync(PROMTOOL))('the queries of the Grafana dashboard are PromQL', async () => {
  const { panels } = JSON.parse(await readFile(join(DEPLOY, 'grafana-dashboard.json'), 'utf8')) as {
    readonly panels: readonly Panel[]
  }
  const queries = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr ?? []))
  expect(queries.length).toBeGreaterThan(5)
  const rules = queries.map((expr, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$__rate_interval', '5m'),
  }))
  const folder = await mkdtemp(join(tmpdir(), 'spanledger-promtool-'))
  try {
    // YAML reads JSON.
    await writeFile(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'grafana', rules }] }))
    await expect(run(PROMTOOL, ['check', 'rules', join(folder, 'rules.yml')])).resolves.toBeDefined()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

// The configuration that users get, quicker and with their own server and token in it.
function configFor(url: string): string {
  const config = {
    global: { scrape_interval: '500ms' },
    scrape_configs: [
      {
        job_name: 'spanledger',
        authorization: { credentials_file: 'token' },
        static_configs: [{ targets: [new URL(url).host] }],
      },
    ],
  }
  return JSON.stringify(config)
}

async function valueOf(port: number, expression: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: expression })}`)
  // The documented answer to an instant query.
  const { data } = (await response.json()) as {
    readonly data: { readonly result: readonly { value: [number, string] }[] }
  }
  const [sample] = data.result
  return sample === undefined ? undefined : Number(sample.value[1])
}

const isKnown = async (port: number, name: string) => (await valueOf(port, `count(${name})`)) !== undefined

// Nothing was rejected and no tool failed, so these have no series yet.
const ONLY_WHEN_BAD = new Set(['spanledger_ingest_rejected_total', 'spanledger_tool_errors_total'])

async function seriesOfAlerts(): Promise<readonly string[]> {
  const text = await readFile(join(DEPLOY, 'alerts.yml'), 'utf8')
  const names = new Set(text.match(/spanledger_[a-z_]+(?=[[{ ])/g))
  return [...names].filter((name) => !ONLY_WHEN_BAD.has(name))
}
