import { createParser } from 'eventsource-parser'
import { send } from './request.ts'

interface EventStreamOptions {
  readonly onEvent: () => void
  readonly onState: (state: 'open' | 'waiting') => void
  readonly signal: AbortSignal
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/**
 * Follows a stream of server-sent events until it is aborted, and connects again where it left off.
 * `EventSource` would do, if it could send a token.
 */
export async function followEvents(path: string, { onEvent, onState, signal }: EventStreamOptions): Promise<void> {
  let lastId: string | undefined
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
      const response = await send(path, { signal, headers })
      onState('open')
      pauseMs = FIRST_PAUSE_MS
      await readEvents(response, {
        onEvent,
        onId: (id) => {
          lastId = id
        },
      })
    } catch {
      // A connection that breaks is not an error of the page: the state says that it waits, and it tries again.
    }
    if (signal.aborted) return
    onState('waiting')
    await pause(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

interface EventHandlers {
  readonly onEvent: () => void
  /** Also called for a heartbeat, which is an id without an event. */
  readonly onId: (id: string) => void
}

async function readEvents(response: Response, { onEvent, onId }: EventHandlers): Promise<void> {
  const parser = createParser({ onEvent, onId })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) parser.feed(read.value)
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
