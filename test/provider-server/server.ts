import { createServer } from 'node:http'
import { createRequestHandler } from './request-handler.ts'
import type { ProviderCall } from './provider-call.ts'
import { BASE_PATHS } from './routes.ts'
import { createScenarioBook, type RequestMatcher, type ScenarioHandler } from './scenario-book.ts'
import type { Scenario } from './scenario.ts'
import { createWireLog } from './wire-log.ts'

/** How the server starts. */
export interface ProviderServerOptions {
  /** Default: a free one. */
  readonly port?: number | undefined
  /** What every request gets that no script, no queue and no directive answers; directives are laid over it. */
  readonly usual?: Scenario | undefined
}

/** A running server. Whoever started it closes it. */
export interface ProviderServer {
  readonly url: string
  /** The `baseURL` of `@ai-sdk/openai`. */
  readonly openai: string
  readonly anthropic: string
  readonly google: string
  /** The `baseURL` of every provider in the table, by name. */
  readonly baseUrls: Readonly<Record<string, string>>
  /** The wire log, in order of arrival. */
  calls(): readonly ProviderCall[]
  /** Resolves when no attempt is open any more. */
  idle(): Promise<void>
  script(matcher: RequestMatcher, handler: ScenarioHandler): () => void
  next(scenario: Scenario, matcher?: RequestMatcher): void
  /** Forgets calls, scripts and queue. */
  reset(): void
  /** Breaks off what is open and lets go of the port. Idempotent. */
  close(): Promise<void>
}

/** Starts a server on 127.0.0.1 that answers as the providers do. */
export async function startProviderServer(options: ProviderServerOptions = {}): Promise<ProviderServer> {
  const log = createWireLog()
  const book = createScenarioBook()
  const closing = new AbortController()
  const handler = createRequestHandler({ log, book, usual: options.usual, closing: closing.signal })
  // Without time limits: a client may come back on a quiet connection, and a stalled answer may stay stalled.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : options.port}`
  const baseUrls = Object.fromEntries(Object.entries(BASE_PATHS).map(([name, path]) => [name, `${url}${path}`]))
  let closed: Promise<void> | undefined

  return {
    url,
    openai: `${url}${BASE_PATHS.openai}`,
    anthropic: `${url}${BASE_PATHS.anthropic}`,
    google: `${url}${BASE_PATHS.google}`,
    baseUrls,
    calls: () => log.calls(),
    idle: () => log.idle(),
    script: (matcher, handler) => book.script(matcher, handler),
    next: (scenario, matcher) => book.next(scenario, matcher),
    reset() {
      log.clear()
      book.clear()
    },
    close() {
      closed ??= new Promise((resolve) => {
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}
