import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { isProviderRequest } from '@spanledger/core'
import type { Reporter } from '../reporter.ts'

/** The requests to model providers of a process. */
export interface ProviderTraffic {
  /** For the end of a process that recorded no call: warns if requests went out and no other warning says why. */
  warnOfUnrecorded(reporter: Reporter): void
  stop(): void
}

const MAX_HOSTS = 5

/** Listens to the requests of `fetch`, undici and `node:http`, which Node announces. Nothing is wrapped. */
export function watchProviderTraffic(): ProviderTraffic {
  let requests = 0
  const hosts = new Set<string>()
  const note = (method: unknown, host: unknown, path: unknown) => {
    if (method !== 'POST' || typeof host !== 'string' || typeof path !== 'string') return
    if (!isProviderRequest(host, path)) return
    requests += 1
    if (hosts.size < MAX_HOSTS) hosts.add(host)
  }
  // Node catches what a listener throws and throws it again outside: as the end of the process.
  const guarded = (read: (message: never) => void) => (message: unknown) => {
    try {
      read(message as never) // each reader checks what it reads
    } catch {
      // A request of a form that we do not know.
    }
  }
  const listeners = {
    'undici:request:create': guarded(({ request }: { request: UndiciRequest }) =>
      note(request.method, new URL(request.origin).hostname, request.path),
    ),
    'http.client.request.start': guarded(({ request }: { request: NodeRequest }) =>
      note(request.method, request.host, request.path),
    ),
  }
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener)
  return {
    warnOfUnrecorded(reporter) {
      if (requests === 0 || reporter.hasWarned()) return
      reporter.warn(
        'unrecorded',
        `No AI call was recorded, but ${requests === 1 ? 'a request' : `${requests} requests`} went to ${[...hosts].join(', ')}. ` +
          'AI SDK 4 to 6: start with node --import spanledger/register app.js, or pass experimental_telemetry: withTelemetry() to each call. ' +
          'AI SDK 7 needs @ai-sdk/otel, any other client an OpenTelemetry GenAI instrumentation',
      )
    },
    stop() {
      for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener)
    },
  }
}

/** The part of a request that undici announces. */
interface UndiciRequest {
  readonly method: unknown
  readonly origin: string | URL
  readonly path: unknown
}

/** The part of `http.ClientRequest` that names its target. */
interface NodeRequest {
  readonly method: unknown
  readonly host: unknown
  readonly path: unknown
}
