import { errorCodeOf } from '@spanledger/core'
import { DEFAULT_PORT, type Listener, type Server } from '@spanledger/server'
import type { CliContext } from '../cli/context.ts'

/** Where to listen; without a port, on the first free one from the default on. */
export interface ListenOptions {
  readonly host: string
  readonly port?: number | undefined
}

const MAX_PORTS = 20

/** Listens on the named port, else on the default port or the next free one. */
export async function listenSomewhere(server: Server, options: ListenOptions, context: CliContext): Promise<Listener> {
  const { host, port: named } = options
  for (let port = named ?? DEFAULT_PORT; ; port += 1) {
    try {
      const listener = await server.listen({ host, port })
      if (named === undefined && port !== DEFAULT_PORT) {
        context.output.note(`Port ${DEFAULT_PORT} is taken by another process; using port ${port}`)
      }
      return listener
    } catch (error) {
      if (!isTaken(error)) throw error
      if (named !== undefined) {
        throw new Error(`Port ${named} is taken by another process; stop it, or choose another --port`, {
          cause: error,
        })
      }
      if (port >= DEFAULT_PORT + MAX_PORTS) throw error
    }
  }
}

function isTaken(error: unknown): boolean {
  return errorCodeOf(error) === 'EADDRINUSE'
}
