import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/** What happens to one connection. */
export interface Chaos {
  /** Resets the connection after this many bytes of the request or of the response. */
  readonly resetAfter?: { readonly request?: number; readonly response?: number } | undefined
  /** `half-open`: what the client sends arrives nowhere. `blackhole`: nothing that it sends is even taken. */
  readonly hang?: 'half-open' | 'blackhole' | undefined
  /** The answer comes one byte a second. */
  readonly isSlow?: boolean | undefined
}

/** A network between a client and a server, on loopback. */
export interface ChaosProxy {
  readonly url: string
  /** Connections so far, and how many of them were open at once at most. */
  counts(): { readonly connections: number; readonly resets: number; readonly mostAtOnce: number }
  /** From here on new connections are as they should be; those that hang go on hanging. */
  heal(): void
}

const closers: (() => void)[] = []
afterAll(() => {
  for (const close of closers.splice(0)) close()
})

/** Starts a proxy before a server; `chaosOf` says what happens to a connection, by its number from 0. */
export async function startChaosProxy(target: string, chaosOf: (connection: number) => Chaos): Promise<ChaosProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let connections = 0
  let resets = 0
  let mostAtOnce = 0
  let isHealed = false
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const chaos = isHealed ? {} : chaosOf(connections)
    connections += 1
    open.add(client)
    mostAtOnce = Math.max(mostAtOnce, open.size)
    client.on('error', () => {})
    client.on('close', () => open.delete(client))
    if (chaos.hang === 'half-open') client.resume()
    if (chaos.hang !== undefined) return
    const upstream = connect(Number(port), hostname)
    const reset = () => {
      if (client.destroyed) return
      resets += 1
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    pass(client, upstream, chaos.resetAfter?.request, reset)
    client.resume()
    if (chaos.isSlow === true) passSlowly(upstream, client)
    else pass(upstream, client, chaos.resetAfter?.response, reset)
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => chaos.isSlow === true || client.destroySoon())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.close()
    for (const client of open) client.destroy()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A port has no number')
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts: () => ({ connections, resets, mostAtOnce }),
    heal() {
      isHealed = true
    },
  }
}

function pass(from: Socket, to: Socket, limit = Infinity, onLimit: () => void): void {
  let left = limit
  from.on('data', (bytes: Buffer) => {
    const through = bytes.subarray(0, Math.min(left, bytes.length))
    left -= through.length
    // What is through is through: it has to arrive before the connection breaks.
    to.write(through, () => left === 0 && onLimit())
  })
}

function passSlowly(from: Socket, to: Socket): void {
  const waiting: number[] = []
  from.on('data', (bytes: Buffer) => waiting.push(...bytes))
  const timer = setInterval(() => {
    const byte = waiting.shift()
    if (byte !== undefined) to.write(Buffer.of(byte))
  }, 1_000)
  to.on('close', () => clearInterval(timer))
}
