import { parseCallLine } from '@spanledger/core'
import { openStore, type Store } from '@spanledger/store'
import type { DrainAnswer, DrainBatch } from './drain-protocol.ts'

/** Writes batches of call lines into a store that it opens when the first batch comes, and again after a failure. */
export interface StoreWriter {
  write(batch: DrainBatch): Promise<DrainAnswer>
  close(): Promise<void>
}

/** Makes a writer. It waits `busyTimeoutMs` for other processes that write; 5,000 if not given. */
export function createStoreWriter(
  database: { readonly path: string; readonly isOwnFolder: boolean },
  busyTimeoutMs?: number,
): StoreWriter {
  let store: Store | undefined
  return {
    async write(batch) {
      const rejected: { reason: string; message: string }[] = []
      const calls = batch.lines.flatMap((line) => {
        try {
          return [parseCallLine(line)]
        } catch (error) {
          rejected.push({ reason: 'invalid_call', message: messageOf(error) })
          return []
        }
      })
      try {
        store ??= await openStore({ path: database.path, privateFolder: database.isOwnFolder, busyTimeoutMs })
        const result = await store.write(calls)
        for (const { reason } of result.rejected) rejected.push({ reason: 'not_storable', message: reason })
        return { id: batch.id, stored: result.stored, deduplicated: result.deduplicated, rejected }
      } catch (error) {
        const failed = store
        store = undefined
        await failed?.close().catch(() => {})
        return { id: batch.id, stored: 0, deduplicated: 0, rejected: [], failure: messageOf(error) }
      }
    },
    async close() {
      await store?.close()
      store = undefined
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
