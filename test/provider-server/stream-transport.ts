import type { Frame } from './wire-dialect.ts'

/** How the frames of a stream become bytes. */
export interface StreamTransport {
  readonly contentType: string
  encode(frame: Frame): string | Uint8Array
}

/** `text/event-stream`, as nearly everyone streams. */
export const SERVER_SENT_EVENTS: StreamTransport = {
  contentType: 'text/event-stream; charset=utf-8',
  encode({ event, data }) {
    const text = data === '[DONE]' ? data : JSON.stringify(data)
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
  },
}
