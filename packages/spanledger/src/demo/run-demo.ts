import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { createServer, type Ingest, type Listener, startIngestWorker } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import type { CliContext } from '../cli/context.ts'
import { sentenceOf } from '../cli/error.ts'
import { countOf } from '../cli/text/numbers.ts'
import { listenSomewhere } from '../serve/listen-somewhere.ts'
import { builtDashboard } from '../serve/built-dashboard.ts'
import { fillDemo } from './fill-demo.ts'

/** Options of the command. */
export interface DemoOptions {
  readonly port?: number
  readonly days: number
  readonly exit?: boolean
}

const LOOPBACK = '127.0.0.1'
// A separate file, created again at each start.
const DEMO_FILE = '.spanledger/demo-days.db'

/** Starts a server and fills it; runs until SIGINT or SIGTERM. */
export async function runDemo(options: DemoOptions, context: CliContext): Promise<void> {
  const { output } = context
  const stopping = stopSignal()
  const path = resolve(context.workingFolder, DEMO_FILE)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  const onError = (problem: unknown): void => output.error(sentenceOf(problem))
  const store = await openStore({ path, privateFolder: true })
  try {
    const ingest: Ingest = await startIngestWorker({ database: { path }, onProblem: onError })
    const server = createServer({ store, ingest, dashboardFolder: builtDashboard(context), now: context.now, onError })
    try {
      const listener = await listenSomewhere(server, { host: LOOPBACK, port: options.port }, context)
      await output.write(`${listener.url}\n`)
      output.note('Demo data: none of these calls was ever made or paid for')
      await fill(listener, { ...options, signal: stopping.signal }, context)
      if (options.exit !== true) await stopping.stopped
    } finally {
      await server.close()
    }
  } finally {
    await store.close()
  }
}

async function fill(
  { url }: Listener,
  { days, signal }: { readonly days: number; readonly signal: AbortSignal },
  context: CliContext,
): Promise<void> {
  let spans = 0
  const filling = fillDemo({ days, now: context.now(), signal, send: (request) => post(`${url}/v1/traces`, request) })
  for await (const day of filling) spans += day.spans
  context.output.note(`Stored ${countOf(spans, 'span')} of ${countOf(days, 'day')}`)
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!response.ok) throw new Error(`The server refused the demo spans: ${response.status} ${await response.text()}`)
  await response.body?.cancel()
}

function stopSignal(): { readonly signal: AbortSignal; readonly stopped: Promise<void> } {
  const stopping = new AbortController()
  const stopped = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        stopping.abort()
        resolve()
      })
    }
  })
  return { signal: stopping.signal, stopped }
}
