import type { PageRequest } from '../calls/paging.ts'
import type { EventFilter, EventPage, ProductEvent } from './event.ts'

/** Stores events of a product and returns them. */
export interface EventStore {
  /** Stores at most 500 events, each at most once by its id. All or none. Returns how many are new. */
  writeEvents(events: readonly ProductEvent[]): Promise<number>

  /** Events of a filter, the last one first. */
  events(filter: EventFilter, page?: PageRequest): Promise<EventPage>
}
