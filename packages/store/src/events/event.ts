import type { JsonObject } from '@spanledger/core'

/** Something that happened in a product, such as one chat turn (`chat_interaction`). */
export interface ProductEvent {
  /** Unique: an event whose id is already stored is not stored again. */
  readonly id: string
  readonly name: string
  /** Epoch milliseconds. */
  readonly occurredAt: number
  readonly userId?: string | null | undefined
  readonly sessionId?: string | null | undefined
  readonly projectId?: string | null | undefined
  readonly traceId?: string | null | undefined
  /** Further data. */
  readonly properties: JsonObject
}

/** An event as the store holds it. */
export interface StoredEvent {
  readonly id: string
  readonly name: string
  readonly occurredAt: number
  readonly userId: string | null
  readonly sessionId: string | null
  readonly projectId: string | null
  readonly traceId: string | null
  readonly properties: JsonObject
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** Selects events; all given conditions must hold. */
export interface EventFilter {
  /** Events that happened at this time or later, epoch milliseconds. */
  readonly from?: number | undefined
  /** Events that happened before this time, epoch milliseconds. */
  readonly to?: number | undefined
  readonly name?: string | undefined
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly project?: string | undefined
  readonly trace?: string | undefined
}

/** A page of events. */
export interface EventPage {
  readonly events: readonly StoredEvent[]
  readonly next?: string | undefined
}
