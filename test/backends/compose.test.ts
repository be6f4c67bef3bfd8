import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from './docker.ts'
import { jaegerServices } from './jaeger.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '../..')
const MEGABYTE = 1_000_000
const BUILD_MS = 900_000

// Ports that are free: those of the file may be those of somebody's own stack, which goes on meanwhile.
const OVERRIDE = `
services:
  collector: { ports: !override ['127.0.0.1::4317', '127.0.0.1::4318', '127.0.0.1::13133'] }
  jaeger: { ports: !override ['127.0.0.1::16686'] }
  postgres: { ports: !override ['127.0.0.1::5432'] }
  ledger: { ports: !override ['127.0.0.1::4319'] }
`

const run = promisify(execFile)

describe.skipIf(!hasDocker())('docker-compose.yml', () => {
  let folder: string
  let tokens: NodeJS.Dict<string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spanledger-compose-'))
    await writeFile(join(folder, 'override.yml'), OVERRIDE)
    await run(process.execPath, ['scripts/compose-env.ts', folder], { cwd: ROOT })
    tokens = parseEnv(await readFile(join(folder, '.env'), 'utf8'))
    await compose('--profile', 'demo', 'build')
    await compose('up', '--detach', '--wait')
    await compose('--profile', 'demo', 'run', '--rm', '--no-deps', 'demo')
  }, BUILD_MS)

  afterAll(async () => {
    await compose('--profile', 'demo', 'down', '--volumes', '--timeout', '2')
    await rm(folder, { recursive: true, force: true })
  })

  test('what the demo calls stands in Jaeger and, through the Collector, in the ledger', async () => {
    const jaeger = await addressOf('jaeger', 16_686)
    await until(async () => (await jaegerServices(jaeger)).includes('spanledger-demo'), 'Jaeger has the demo')
    // Ten provider calls, one of which was refused and tried again, and one of which failed.
    await until(async () => (await totals()).calls === 10, 'the ledger has the demo')
    expect(await totals()).toMatchObject({ calls: 10, toolCalls: 2, toolErrors: 1, errors: 2, unpricedCalls: 0 })
  })

  test('the ledger shows its page, and its figures only to whom has the token', async () => {
    const ledger = await addressOf('ledger', 4319)
    const page = await fetch(ledger)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<script')
    const status = async (token: string | undefined): Promise<number> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      return (await fetch(`${ledger}/api/ai-usage/summary`, { headers })).status
    }
    expect(await status(undefined)).toBe(401)
    expect(await status(tokens['SPANLEDGER_INGEST_TOKEN'])).toBe(403)
    expect(await status(tokens['SPANLEDGER_ADMIN_TOKEN'])).toBe(200)
  })

  test('the ledger is nobody special, and writes nowhere', async () => {
    const script = `try { require('fs').writeFileSync('/app/x', '') } catch (error) { console.log(process.getuid() > 0, error.code) }`
    expect(await compose('exec', '--no-TTY', 'ledger', 'node', '-e', script)).toBe('true EROFS\n')
  })

  test('every port is published on this machine only', async () => {
    const { stdout } = await run(
      'docker',
      ['compose', '--env-file', join(folder, '.env'), 'config', '--format', 'json'],
      {
        cwd: ROOT,
      },
    )
    // The documented shape of the file.
    const { services } = JSON.parse(stdout) as {
      readonly services: Readonly<Record<string, { readonly ports?: readonly { readonly host_ip?: string }[] }>>
    }
    const hosts = Object.values(services).flatMap(({ ports }) => ports?.map((port) => port.host_ip) ?? [])
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']))
  })

  test('nothing starts without tokens of its own', async () => {
    await writeFile(join(folder, 'empty.env'), '')
    const started = run('docker', ['compose', '--env-file', join(folder, 'empty.env'), 'config'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    })
    await expect(started).rejects.toThrow('run npm run compose:env first')
  })

  test('the server adds at most 60 MB to its base image', async () => {
    const added = (await sizeOf('spanledger:local')) - (await sizeOf('node:24-bookworm-slim'))
    process.stdout.write(`The server's image adds ${(added / MEGABYTE).toFixed(1)} MB to its base\n`)
    expect(added).toBeLessThanOrEqual(60 * MEGABYTE)
  })

  async function compose(...parameters: readonly string[]): Promise<string> {
    const files = ['--file', 'docker-compose.yml', '--file', join(folder, 'override.yml')]
    const project = ['--project-name', 'spanledger-test', '--env-file', join(folder, '.env')]
    const { stdout } = await run('docker', ['compose', ...files, ...project, ...parameters], {
      cwd: ROOT,
      maxBuffer: 1e8,
    })
    return stdout
  }

  async function addressOf(service: string, port: number): Promise<string> {
    return `http://${(await compose('port', service, String(port))).trim()}`
  }

  async function totals(): Promise<Readonly<Record<string, number>>> {
    const response = await fetch(`${await addressOf('ledger', 4319)}/api/ai-usage/summary`, {
      headers: { authorization: `Bearer ${tokens['SPANLEDGER_ADMIN_TOKEN']}` },
    })
    return ((await response.json()) as { readonly totals: Readonly<Record<string, number>> }).totals
  }
})

async function sizeOf(image: string): Promise<number> {
  return Number((await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image])).stdout)
}
