import { send } from './request.ts'

/** One server-sent event. */
export interface ServerEvent {
  readonly id: string | undefined
  readonly data: string
}

interface EventStreamOptions {
  readonly onEvent: (event: ServerEvent) => void
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
      for await (const event of eventsOf(response)) {
        lastId = event.id ?? lastId
        onEvent(event)
      }
    } catch {
      // A connection that breaks is not an error of the page: the state says that it waits, and it tries again.
    }
    if (signal.aborted) return
    onState('waiting')
    await pause(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) return
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const blocks = (rest + value).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parseEvent(block)
      if (event !== undefined) yield event
    }
  }
}

function parseEvent(block: string): ServerEvent | undefined {
  const lines = block.split(/\r?\n/)
  const valuesOf = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''))
  const data = valuesOf('data')
  return data.length === 0 ? undefined : { id: valuesOf('id').at(-1), data: data.join('\n') }
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
