import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const DEPLOY = join(import.meta.dirname, '../../deploy')
const PROMTOOL = '/usr/bin/promtool'

interface Panel {
  readonly targets: readonly { readonly expr?: string }[]
}

const run = promisify(execFile)

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
