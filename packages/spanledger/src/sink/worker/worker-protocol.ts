import type { MessagePort } from 'node:worker_threads'
import type { DrainEvent } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'

/** The data of the worker. */
export interface StoreWorkerData {
  readonly database: Destination
  /** Carries messages in both directions. */
  readonly port: MessagePort
  readonly work: MemoryWork | JournalWork
}

/** The calls arrive as messages, in batches. */
export interface MemoryWork {
  /** Id of the last answered batch, for an exiting main thread, which can only wait on memory. */
  readonly answered: Int32Array
}

/** The calls are in a journal. */
export interface JournalWork {
  readonly folder: string
  readonly signals: SharedArrayBuffer
  readonly writers: readonly string[]
  readonly isExclusive: boolean
}

/** A message from the application to the worker that drains its journal. */
export type JournalRequest =
  | { readonly type: 'wake'; readonly now: boolean }
  | { readonly type: 'writer'; readonly writer: string }
  | { readonly type: 'drop-oldest' }
  | { readonly type: 'close' }

/** A message from that worker to the application. */
export type JournalAnswer = DrainEvent | { readonly type: 'ready' }

/** A batch of call lines on its way from memory to the database. */
export interface LineBatch {
  readonly id: number
  readonly lines: readonly string[]
}

/** What happened to a batch: how many calls were new or already stored, and why others were rejected. */
export interface BatchAnswer {
  readonly id: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: readonly { readonly reason: string; readonly message: string }[]
  /** Set when the rest of the batch could not be stored now and must be sent again. */
  readonly failure?: string
  /** With a failure: how many of the first lines have an outcome. */
  readonly answered?: number
}
