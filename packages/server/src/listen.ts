import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { isIP } from 'node:net'
import type { ServerEnv } from './http/access.ts'
import type { Limits } from './limits.ts'

/** Where a server listens. */
export interface ListenAddress {
  /** `127.0.0.1` by default. */
  readonly host?: string | undefined
  /** 4319 by default; 0 for any free port. */
  readonly port?: number | undefined
}

/** An open port. */
export interface Listener {
  readonly port: number
  /** `http://127.0.0.1:4319`. */
  readonly url: string
  /** Stops accepting connections. Resolves when all requests are answered, or after ten seconds. Idempotent. */
  close(): Promise<void>
}

/** Spanledger's port: one above that of OTLP over HTTP, so that both can run on one machine. */
export const DEFAULT_PORT = 4319

const DEFAULT_HOST = '127.0.0.1'
const DRAIN_WITHIN_MS = 10_000
const IDLE_EVERY_MS = 50

interface ListenOptions extends ListenAddress {
  readonly limits: Limits
  readonly hasTokens: boolean
}

/** Opens a port for an app. */
export async function listen(app: Hono<ServerEnv>, options: ListenOptions): Promise<Listener> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, limits, hasTokens } = options
  if (!hasTokens && !isLoopback(host)) {
    throw new Error(
      `Other machines can reach ${host}, so the server needs a token there; set one, or listen on ${DEFAULT_HOST}`,
    )
  }
  const server = createHttp(app, limits)
  await open(server, host, port)
  const address = server.address()
  const openPort = typeof address === 'object' && address !== null ? address.port : port
  let closing: Promise<void> | undefined
  return {
    port: openPort,
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${openPort}`,
    close: () => (closing ??= drain(server)),
  }
}

/** Returns whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function createHttp(app: Hono<ServerEnv>, limits: Limits): HttpServer {
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer: createHttpServer,
    serverOptions: {
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      // How often Node checks the two timeouts above.
      connectionsCheckingInterval: 1_000,
    },
  }) as HttpServer // made by `createServer` above
  server.maxConnections = limits.connections
  return server
}

function open(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function drain(server: HttpServer): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  // Clients keep answered connections open, perhaps without another request.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_EVERY_MS)
  const end = setTimeout(() => server.closeAllConnections(), DRAIN_WITHIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(end)
}
