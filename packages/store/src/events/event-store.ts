import type { PageRequest } from '../calls/paging.ts'
import type { EventFilter, EventPage, ProductEvent } from './event.ts'

/** Stores product events and returns them. */
export interface EventStore {
  /** Stores at most 500 events, all or none, each id at most once. Returns the number of new events. */
  writeEvents(events: readonly ProductEvent[]): Promise<number>

  /** The events of a filter, the latest first. */
  events(filter: EventFilter, page?: PageRequest): Promise<EventPage>
}
