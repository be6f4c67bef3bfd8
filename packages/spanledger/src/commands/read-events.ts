import { createParser, type EventSourceMessage } from 'eventsource-parser'

/** The events that one chunk of a response body completes. */
export interface ReadEvents {
  readonly events: readonly EventSourceMessage[]
  /** The id to resume after; undefined if the chunk has none. A heartbeat moves it without an event. */
  readonly lastId: string | undefined
}

/** Reads the server-sent events of a response body until it ends, one chunk at a time. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEvents> {
  const decoder = new TextDecoder()
  let events: EventSourceMessage[] = []
  let lastId: string | undefined
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onId: (id) => {
      lastId = id
    },
  })
  for await (const chunk of body) {
    events = []
    lastId = undefined
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield { events, lastId }
  }
}
