import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import type { OtlpSpan } from '../spanledger/otlp-receiver.ts'
import { query } from '../spanledger/run-app.ts'
import { type RequestRecorder, startRequestRecorder } from './request-recorder.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SETUPS = join(ROOT, 'examples/setups')

let server: ProviderServer
let recorder: RequestRecorder
let folder: string

beforeEach(async () => {
  server = await startProviderServer()
  recorder = await startRequestRecorder()
  folder = mkdtempSync(join(tmpdir(), 'spanledger-setup-'))
})

afterEach(async () => {
  await server.close()
  await recorder.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the set-ups hold together as TypeScript', async () => {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  await expect(promisify(execFile)(tsc, ['-p', SETUPS]).catch((error: { stdout: string }) => error)).resolves.toEqual({
    stdout: '',
    stderr: '',
  })
})

test('beside HTTP instrumentations AI spans hang below the request, and exports make no spans', async () => {
  await runSetup('http-and-undici.ts')
  expectRowsAsBilled()
  const spans = recorder.spans('/v1/traces')
  const incoming = spans.filter((span) => span.name === 'GET' && span.kind === SERVER)
  expect(incoming).toHaveLength(1)
  expect(spans.filter((span) => span.name === 'invoke_agent').map((span) => span.parentSpanId)).toEqual([
    incoming[0]?.spanId,
  ])
  const model = spans.filter((span) => span.name.startsWith('chat ')).map((span) => span.spanId)
  expect(model).toHaveLength(server.calls().length)
  const outgoing = spans.filter((span) => span.name === 'POST')
  expect(outgoing).toHaveLength(model.length)
  expect(new Set(outgoing.map((span) => span.parentSpanId))).toEqual(new Set(model))
  expectTree(spans)
})

test('with registerOTel of @vercel/otel', async () => {
  await runSetup('vercel-otel.ts')
  expectRowsAsBilled()
  expect(modelSpans('/v1/traces')).toEqual(['chat gpt-5-mini', 'chat gpt-5-mini'])
})

test('beside Langfuse and OpenInference, which get the spans as the AI SDK made them', async () => {
  await runSetup('other-vendors.ts')
  expectRowsAsBilled()
  for (const path of ['/langfuse/api/public/otel/v1/traces', '/openinference/v1/traces']) {
    expect(modelSpans(path)).toEqual(['chat gpt-5-mini', 'chat gpt-5-mini'])
    const ours = recorder
      .spans(path)
      .flatMap((span) => span.attributes.map(({ key }) => key))
      .filter((key) => key.startsWith('spanledger.'))
    expect(ours).toEqual([])
  }
})

test('inside Sentry', async () => {
  await runSetup('sentry.ts', { SENTRY_DSN: `http://key@127.0.0.1:${recorder.port}/1` })
  expectRowsAsBilled()
  expect(recorder.bodies('/api/1/envelope/').join('\n')).toContain('invoke_agent')
})

test('with a tenth of the traces sampled, every call has its row', async () => {
  await runSetup('head-sampling.ts')
  expectRowsAsBilled()
  const exported = new Set(recorder.spans('/v1/traces').map((span) => span.traceId))
  // 100 traces at 10 %: fewer than 40 in all but one of 10^15 runs.
  expect(exported.size).toBeLessThan(40)
})

const SERVER = 2

async function runSetup(file: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const flags = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, join(SETUPS, file)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: server.openai,
      OTEL_EXPORTER_OTLP_ENDPOINT: recorder.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  // Sentry waits half a second for every processor and says so when a busy machine takes longer.
  expect({ code, ours: stderr.match(/.*spanledger.*/gi) }).toEqual({ code: 0, ours: null })
  expect(stdout).toContain(server.calls().at(-1)?.text)
}

function expectRowsAsBilled(): void {
  const rows = query(
    join(folder, 'usage.db'),
    `select operation, user_id, project_id, input_tokens, output_tokens, cache_read_tokens
       from calls where billable = 1 order by started_at, span_id`,
  )
  const billed = server.calls().map(({ billed }) => ({
    operation: 'support',
    user_id: 'ada',
    project_id: 'shop',
    input_tokens: billed?.inputTokens,
    output_tokens: billed?.outputTokens,
    cache_read_tokens: billed?.cacheReadTokens,
  }))
  expect(billed.length).toBeGreaterThan(1)
  expect(rows).toEqual(billed)
}

function modelSpans(path: string): readonly string[] {
  return recorder
    .spans(path)
    .map((span) => span.name)
    .filter((name) => name.startsWith('chat '))
}

// Every span but the roots hangs below another one that is there, and no way up comes round again.
function expectTree(spans: readonly OtlpSpan[]): void {
  const parents = new Map(spans.map((span) => [span.spanId, span.parentSpanId]))
  expect(parents.size).toBe(spans.length)
  for (const { spanId } of spans) {
    const seen = new Set<string>()
    for (let id: string | undefined = spanId; id !== undefined && id !== ''; id = parents.get(id)) {
      expect({ known: parents.has(id), seen: seen.has(id) }).toEqual({ known: true, seen: false })
      seen.add(id)
    }
  }
}
