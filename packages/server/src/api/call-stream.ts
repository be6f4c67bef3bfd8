import type { CallFilter, Store, StoredCall } from '@spanledger/store'
import { toCallView } from './call-view.ts'
import type { LiveFeed } from './live-feed.ts'
import { matchesCall } from './matches-call.ts'

export interface CallStreamOptions {
  readonly store: Pick<Store, 'liveCalls'>
  readonly feed: LiveFeed
  readonly filter: CallFilter
  /** The last event id that the client has received. */
  readonly after: number | undefined
  readonly heartbeatMs: number
  /** Ends the stream. */
  readonly signals: readonly AbortSignal[]
  readonly onError: (error: unknown) => void
}

/** Events that wait for a slow client. Above this the stream ends, and the client reconnects for the rest. */
const MAX_WAITING = 1000
const PAGE = 500

/** Streams the calls of a filter as server-sent events: first those the client missed, then each as it is stored. */
export function createCallStream(options: CallStreamOptions): ReadableStream<Uint8Array> {
  const { feed, filter, heartbeatMs, signals, onError } = options
  const encoder = new TextEncoder()
  const waiting: string[] = []
  let seen = 0
  let isOpen = true
  let wake: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined

  const listener = {
    onCalls(calls: readonly StoredCall[], lastSeq: number) {
      for (const call of calls) {
        if (call.ingest_seq > seen && matchesCall(call, filter)) waiting.push(eventOf(call))
      }
      seen = Math.max(seen, lastSeq)
      if (waiting.length > MAX_WAITING) end()
      else wake?.()
    },
  }

  function end(): void {
    if (!isOpen) return
    isOpen = false
    // Some of these may be unsent. The client reconnects and continues after its last event.
    waiting.length = 0
    feed.leave(listener)
    clearInterval(timer)
    for (const signal of signals) signal.removeEventListener('abort', end)
    wake?.()
  }

  // An id without data moves the position for reconnecting without an event.
  const beat = (): void => {
    if (waiting.length === 0) waiting.push(`: still here\nid: ${seen}\n\n`)
    wake?.()
  }

  async function* missed(): AsyncGenerator<string> {
    const now = await feed.join(listener)
    seen = Math.max(seen, now)
    yield `retry: 2000\n: ${options.after === undefined ? 'from now on' : 'where you were'}\n\n`
    let after = Math.min(options.after ?? now, now)
    while (isOpen && after < now) {
      const page = await options.store.liveCalls(after, filter, PAGE)
      if (page.lastSeq <= after) return
      after = page.lastSeq
      // Calls stored since `join` are already in `waiting`.
      yield page.calls
        .filter((call) => call.ingest_seq <= now)
        .map(eventOf)
        .join('')
    }
  }

  async function* texts(): AsyncGenerator<string> {
    yield* missed()
    while (isOpen) {
      if (waiting.length > 0) yield waiting.splice(0).join('')
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
    }
  }

  const source = texts()
  return new ReadableStream<Uint8Array>({
    start() {
      timer = setInterval(beat, heartbeatMs)
      timer.unref()
      for (const signal of signals) signal.addEventListener('abort', end)
      if (signals.some((signal) => signal.aborted)) end()
    },
    async pull(controller) {
      try {
        let text = ''
        while (text === '') {
          const { done, value } = await source.next()
          if (done === true) return controller.close()
          text = value
        }
        controller.enqueue(encoder.encode(text))
      } catch (error) {
        onError(error)
        end()
        controller.close()
      }
    },
    cancel() {
      end()
    },
  })
}

function eventOf(call: StoredCall): string {
  return `event: call\nid: ${call.ingest_seq}\ndata: ${JSON.stringify(toCallView(call))}\n\n`
}
