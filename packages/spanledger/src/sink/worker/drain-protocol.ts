import type { MessagePort } from 'node:worker_threads'
import type { DrainEvent } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'

/** What the worker is started with. The marker keeps `--import spanledger/register` from starting another ledger in it. */
export interface DrainWorkerData {
  readonly spanledgerWorker: true
  readonly database: Destination
  /** What goes both ways comes through here. */
  readonly port: MessagePort
  readonly work: MemoryWork | JournalWork
}

/** Batches come as messages. */
export interface MemoryWork {
  /** Id of the last answered batch, for a main thread that is exiting and can only wait on memory. */
  readonly answered: Int32Array
}

/** Calls lie in a journal. */
export interface JournalWork {
  readonly folder: string
  readonly signals: SharedArrayBuffer
  readonly writers: readonly string[]
  readonly isExclusive: boolean
}

/** What the application tells the worker that drains its journal. */
export type JournalRequest =
  | { readonly type: 'wake'; readonly now: boolean }
  | { readonly type: 'writer'; readonly writer: string }
  | { readonly type: 'drop-oldest' }
  | { readonly type: 'close' }

/** What that worker tells the application. */
export type JournalAnswer = DrainEvent | { readonly type: 'ready' }

/** A batch of call lines on its way to the store. */
export interface DrainBatch {
  readonly id: number
  readonly lines: readonly string[]
}

/** What became of a batch: how many calls were new, how many were known, and why others could not be kept. */
export interface DrainAnswer {
  readonly id: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: readonly { readonly reason: string; readonly message: string }[]
  /** Set when no more of the batch could be stored now; the rest is to be sent again. */
  readonly failure?: string
  /** How many lines from its beginning on were answered, if not all. */
  readonly answered?: number
}
