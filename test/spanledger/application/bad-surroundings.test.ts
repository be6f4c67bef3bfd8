import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lack, rootWithout } from '../app-root.ts'
import { type Comparison, countsOf, countsOfRuns, linesOf, oneLine, startComparison } from '../comparison.ts'
import { runCli } from '../run-cli.ts'

let comparison: Comparison
const roots: string[] = []

beforeAll(async () => {
  comparison = await startComparison()
})

afterAll(async () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
  await comparison.close()
})

function lacking(lack: Lack): { readonly root: string } {
  const root = rootWithout(lack)
  roots.push(root)
  return { root }
}

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
    const ran = await comparison.runUnharmed({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: await start(), OTEL_EXPORTER_OTLP_TIMEOUT: '1000' },
    })
    expect(linesOf(ran)).toEqual(oneLine('spans could not be sent', 'OTEL_EXPORTER_OTLP_ENDPOINT'))
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })
})

test('a second signal does not wait for a collector that never answers', async () => {
  const collector = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => collector.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  let firstAt = 0
  const ran = await comparison.run({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    parameters: ['wait'],
    onOutput(_, child) {
      firstAt = performance.now()
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGTERM'), 500)
    },
  })
  const tookMs = performance.now() - firstAt
  collector.closeAllConnections()
  collector.close()
  expect(ran.signal).toBe('SIGTERM')
  expect(tookMs).toBeLessThan(4_000)
  expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
})

describe('a package that is not installed is named with the command that installs it', () => {
  test.each(['@ai-sdk/otel', '@opentelemetry/sdk-node'])('%s', { timeout: 60_000 }, async (name) => {
    const ran = await comparison.runUnharmed(lacking({ package: name }))
    expect(linesOf(ran)).toEqual(oneLine(`npm install ${name}`))
  })
})

describe('without a worker thread', () => {
  test('because Node does not allow one, calls are stored on the main thread', async () => {
    const ran = await comparison.runUnharmed({ flags: ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'] })
    expect(linesOf(ran)).toEqual(oneLine('no worker thread could be started', '--allow-worker', 'main thread'))
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  test('because its file is missing, calls are stored on the main thread', { timeout: 60_000 }, async () => {
    const ran = await comparison.runUnharmed(lacking({ file: 'packages/spanledger/src/sink/worker/store-worker.ts' }))
    expect(linesOf(ran)).toEqual(oneLine('no worker thread can store calls', 'main thread'))
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  test.each([0, 100, 250, 500])('because it was killed after %i ms, every call is stored once', async (killAfterMs) => {
    const ran = await comparison.runUnharmed({ app: 'worker-killed.ts', parameters: [String(killAfterMs)] })
    // Whether it is killed before it has started, while it works, or after it has, depends on the machine.
    for (const line of linesOf(ran)) {
      expect(line).toMatch(/no worker thread can store calls .*main thread|is started again|calls wait in/)
    }
    const drained = await runCli(['drain'], { folder: ran.folder })
    expect(drained.code).toBe(0)
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })

  test('calls that process.exit leaves no time for wait in the journal, and are counted', async () => {
    const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*']
    const ran = await comparison.run({ flags, parameters: ['exit'] })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: comparison.alone.stdout })
    // How many have been stored by then depends on the machine.
    expect(linesOf(ran).at(-1)).toMatch(/\d calls? waits? in .*when the application runs again|on the main thread/)
    expect((await runCli(['drain'], { folder: ran.folder })).code).toBe(0)
    expect(countsOf(ran.database)).toEqual(countsOfRuns(1))
  })
})
