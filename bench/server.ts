// Measures how many spans per second the server receives over HTTP and makes durable, the CPU time per span, and its memory,
// with this client on the same machine. The spans are raw AI SDK 7 spans (agent, step, chat). The server is the built one
// that users run.
//
//   node --conditions=@spanledger/source bench/server.ts [requests] [spans per request]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { sevenSpans } from './spans.ts'

const REQUESTS = Number(process.argv[2] ?? 120)
const SPANS = Number(process.argv[3] ?? 512)
const IN_FLIGHT = 4
const PROMPT = 'Where can I see the northern lights in March, and what does it cost to get there? '.repeat(12)

const PACKAGE = fileURLToPath(new URL('../packages/spanledger', import.meta.url))
const TSC = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const SERIALIZERS = {
  protobuf: { type: 'application/x-protobuf', write: ProtobufTraceSerializer },
  json: { type: 'application/json', write: JsonTraceSerializer },
} as const

type Format = keyof typeof SERIALIZERS

spawnSync(process.execPath, [TSC, '-b', PACKAGE], { stdio: 'inherit' })
console.log(`${REQUESTS} requests of ${SPANS} spans, ${IN_FLIGHT} at a time\n`)
console.log('format     spans/s   server CPU / span    peak RSS   bytes / span')
for (const format of ['protobuf', 'json'] as const) await measure(format)

async function measure(format: Format): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
  const server = spawn(
    process.execPath,
    [join(PACKAGE, 'dist/main.js'), 'serve', '--port', '0', '--db', `file:${join(folder, 'usage.db')}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    // Measures a warm server: V8 needs tens of thousands of spans to compile its code.
    await sendAll(url, format, makeBodies(format, REQUESTS))
    const bodies = makeBodies(format, REQUESTS)
    const before = await figuresOf(url)
    const started = performance.now()
    const rss = await sendAll(url, format, bodies)
    const seconds = (performance.now() - started) / 1000
    const after = await figuresOf(url)
    const spans = REQUESTS * SPANS
    const cpuUs = ((after.cpu - before.cpu) / spans) * 1e6
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / spans
    console.log(
      `${format.padEnd(8)} ${Math.round(spans / seconds)
        .toString()
        .padStart(
          9,
        )} ${`${cpuUs.toFixed(0)} µs`.padStart(19)} ${`${(rss / 2 ** 20).toFixed(0)} MB`.padStart(11)} ${bytes.toFixed(0).padStart(14)}`,
    )
  } finally {
    server.kill()
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  }
}

function makeBodies(format: Format, count: number): Uint8Array[] {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const call = sevenSpans(provider.getTracer('gen_ai'))
  return Array.from({ length: count }, () => {
    exporter.reset()
    while (exporter.getFinishedSpans().length < SPANS) call(PROMPT)
    const body = SERIALIZERS[format].write.serializeRequest(exporter.getFinishedSpans().slice(0, SPANS))
    if (body === undefined) throw new Error('The spans could not be serialized')
    return body
  })
}

/** Sends every body and returns the peak memory of the server. */
async function sendAll(url: string, format: Format, bodies: readonly Uint8Array[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const waiting = [...bodies]
  let mostRss = 0
  const sendNext = async (): Promise<void> => {
    for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
      await send(`${url}/v1/traces`, agent, { type: SERIALIZERS[format].type, body })
      if (waiting.length % 20 === 0) mostRss = Math.max(mostRss, (await figuresOf(url)).rss)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendNext))
  agent.destroy()
  return mostRss
}

function send(url: string, agent: Agent, { type, body }: { type: string; body: Uint8Array }): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': type, 'content-length': body.length } },
      (answer) => {
        answer.resume()
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`Answered ${answer.statusCode}`)),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function figuresOf(url: string): Promise<{ readonly cpu: number; readonly rss: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return { cpu: figure('process_cpu_seconds_total'), rss: figure('process_resident_memory_bytes') }
}
