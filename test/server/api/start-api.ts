import { createServer, type Server, type ServerOptions } from '@spanledger/server'
import type { Store } from '@spanledger/store'
import { type Call } from '@spanledger/core'
import { call } from '../../builders.ts'
import type { TestDatabase } from '../../store/stores.ts'

/** A server over a database that is empty at first. */
export interface TestApi {
  readonly server: Server
  readonly store: Store
  readonly database: TestDatabase
  request(path: string, init?: RequestInit): Promise<Response>
  /** The answer of a question that must be answered. */
  get<Answer = Json>(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Sends JSON; a text goes as it is. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

/** JSON that a test looks into. */
export type Json = any // eslint-disable-line typescript/no-explicit-any -- tests compare whole values

/** The time that it is in these tests: a Sunday. */
export const NOW = Date.UTC(2026, 10, 22, 12)

export async function startApi(
  create: () => Promise<TestDatabase>,
  options: Partial<ServerOptions> = {},
): Promise<TestApi> {
  const database = await create()
  const now = options.now ?? (() => NOW)
  const store = await database.open({ now })
  const errors: unknown[] = []
  const server = createServer({ store, now, onError: (error) => errors.push(error), ...options })
  const request = async (path: string, init: RequestInit = {}): Promise<Response> =>
    server.app.request(path, { ...init, headers: { host: 'localhost', ...(init.headers as Record<string, string>) } })
  return {
    server,
    store,
    database,
    request,
    async get(path, headers = {}) {
      const response = await request(path, { headers })
      const text = await response.text()
      if (response.status !== 200) {
        throw new Error(`${path} answered ${response.status}: ${text}`, { cause: errors.at(-1) })
      }
      return JSON.parse(text)
    },
    send: (method, path, body, headers = {}) =>
      request(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close() {
      await server.close()
      await database.remove()
    },
  }
}

/** A call with ids of its own: `id` is any small number, `trace` another. */
export function numbered(id: number, differences: Partial<Call> = {}, trace = id): Call {
  const spanId = id.toString(16).padStart(16, 'a')
  return call({ trace_id: trace.toString(16).padStart(32, 'b'), span_id: spanId, run_id: spanId, ...differences })
}

/** The span id of that call. */
export function spanIdOf(id: number): string {
  return id.toString(16).padStart(16, 'a')
}
