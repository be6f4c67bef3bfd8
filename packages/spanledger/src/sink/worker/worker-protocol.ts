import type { MessagePort } from 'node:worker_threads'
import type { DrainEvent } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'

/** What the worker is started with. The marker keeps `--import spanledger/register` from starting another ledger in it. */
export interface StoreWorkerData {
  readonly spanledgerWorker: true
  readonly database: Destination
  /** Messages in both directions come through here. */
  readonly port: MessagePort
  readonly work: MemoryWork | JournalWork
}

/** The calls come as messages, in batches. */
export interface MemoryWork {
  /** Id of the last answered batch, for a main thread that is exiting and can only wait on memory. */
  readonly answered: Int32Array
}

/** The calls are in a journal. */
export interface JournalWork {
  readonly folder: string
  readonly signals: SharedArrayBuffer
  readonly writers: readonly string[]
  readonly isExclusive: boolean
}

/** What the application sends to the worker that drains its journal. */
export type JournalRequest =
  | { readonly type: 'wake'; readonly now: boolean }
  | { readonly type: 'writer'; readonly writer: string }
  | { readonly type: 'drop-oldest' }
  | { readonly type: 'close' }

/** What that worker sends to the application. */
export type JournalAnswer = DrainEvent | { readonly type: 'ready' }

/** A batch of call lines on its way from memory to the database. */
export interface LineBatch {
  readonly id: number
  readonly lines: readonly string[]
}

/** What happened to a batch: how many calls were new, how many were known, and why others could not be stored. */
export interface BatchAnswer {
  readonly id: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: readonly { readonly reason: string; readonly message: string }[]
  /** Set when the rest of the batch could not be stored now and must be sent again. */
  readonly failure?: string
  /** With a failure: how many lines from the beginning were answered. */
  readonly answered?: number
}
