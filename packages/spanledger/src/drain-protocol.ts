import type { MessagePort } from 'node:worker_threads'

/** What the worker is started with. The marker keeps `--import spanledger/register` from starting another ledger in it. */
export interface DrainWorkerData {
  readonly spanledgerWorker: true
  readonly path: string
  readonly isOwnFolder: boolean
  /** Batches come and answers go here. */
  readonly port: MessagePort
  /** Id of the last answered batch, for a main thread that is exiting and can only wait on memory. */
  readonly answered: Int32Array
}

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
  /** Set when nothing of the batch could be stored now; it is to be sent again. */
  readonly failure?: string
}
