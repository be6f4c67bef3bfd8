import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server, type ServerOptions } from '@spanledger/server'
import { openStore, type Store, type StoredCall } from '@spanledger/store'
import { afterEach } from 'vitest'
import { attributesOf, type OtlpRequest, type OtlpSpanJson, toProtobuf } from './otlp-request.ts'

/** A server over a database of its own, for one test. */
export interface TestServer {
  readonly server: Server
  readonly store: Store
  readonly path: string
  post(path: string, body: Uint8Array<ArrayBuffer> | string, headers?: Record<string, string>): Promise<Response>
  /** Sends a trace request, as a protocol buffer unless JSON is asked for. */
  send(request: OtlpRequest, format?: 'protobuf' | 'json'): Promise<Response>
  /** All that is stored, by span id. */
  rows(): Promise<Record<string, StoredCall>>
}

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

export async function startServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-server-'))
  const path = join(folder, 'usage.db')
  const store = await openStore({ path })
  const server = createServer({ store, ...options })
  ended.push(async () => {
    await server.close()
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const post: TestServer['post'] = async (path, body, headers = {}) =>
    server.app.request(path, { method: 'POST', body, headers: { host: 'localhost', ...headers } })
  return {
    server,
    store,
    path,
    post,
    send: (request, format = 'protobuf') =>
      format === 'json'
        ? post('/v1/traces', JSON.stringify(request), { 'content-type': 'application/json' })
        : post('/v1/traces', toProtobuf(request), { 'content-type': 'application/x-protobuf' }),
    async rows() {
      const { calls } = await store.calls({}, { limit: 1000, content: true })
      return Object.fromEntries(calls.map((call) => [call.span_id, call]))
    },
  }
}

/** The trace of all spans that `span` makes. */
export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'

/** Sixteen times this character. */
export function spanId(character: string): string {
  return character.repeat(16)
}

const START_MS = Date.UTC(2026, 10, 1)

/** A span of the GenAI conventions; `id` and `parent` are one character. */
export function genAISpan(
  id: string,
  parent: string | undefined,
  values: Parameters<typeof attributesOf>[0],
  times: { readonly startMs?: number; readonly endMs?: number; readonly traceId?: string } = {},
): OtlpSpanJson {
  const { startMs = 0, endMs = 1_000 } = times
  return {
    traceId: times.traceId ?? TRACE_ID,
    spanId: spanId(id),
    ...(parent === undefined ? {} : { parentSpanId: spanId(parent) }),
    name: 'span',
    kind: 1,
    startTimeUnixNano: `${START_MS + startMs}000000`,
    endTimeUnixNano: `${START_MS + endMs}000000`,
    attributes: attributesOf(values),
  }
}

const MODEL = {
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.usage.input_tokens': 1_000,
  'gen_ai.usage.output_tokens': 200,
} as const

/** What a model call says. */
export const CHAT = { 'gen_ai.operation.name': 'chat', ...MODEL } as const

/** What an agent says, whose numbers repeat those of its model calls. */
export const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner', ...MODEL } as const

/** What a tool says. */
export const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' } as const
