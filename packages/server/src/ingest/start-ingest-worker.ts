import { type ContentMode, errorMessageOf } from '@spanledger/core'
import type { OpenStoreOptions } from '@spanledger/store'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import type { Ingest, IngestSnapshot, LinesOutcome, Refused, SpansOutcome } from './ingest.ts'
import { type Ask, type IngestThread, startIngestThread } from './ingest-thread.ts'
import type { PriceSources } from '../prices/price-source.ts'
import type { IngestWorkerData } from './worker-protocol.ts'

export interface IngestWorkerOptions {
  /** The worker opens the database for itself, so `:memory:` is a database of its own for each worker. */
  readonly database: Omit<OpenStoreOptions, 'now'>
  /** `preview` by default. */
  readonly content?: ContentMode | undefined
  readonly prices?: PriceSources | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Called with a sentence for the log when something goes wrong. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

/**
 * An ingest in a thread of its own. Rejects if its database cannot be opened. A worker that dies or hangs is replaced;
 * what it had not answered is refused as `unavailable`, and the senders try again.
 */
export async function startIngestWorker(options: IngestWorkerOptions): Promise<Ingest> {
  const start = () => startIngestThread(workerDataOf(options), options.onProblem)
  const threads = createThreads(await start(), start)
  let isClosed = false

  async function ask(request: Ask, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (isClosed) throw new Error('The ingest is closed')
    return (await threads.live()).ask(request, transfer)
  }

  async function askOrRefuse(request: Ask, body: Uint8Array<ArrayBuffer>): Promise<unknown> {
    try {
      return await ask(request, [body.buffer])
    } catch (error) {
      const message = errorMessageOf(error)
      options.onProblem?.(message)
      return { kind: 'unavailable', message } satisfies Refused
    }
  }

  // The answer is what the method of the same name returned in the worker.
  return {
    spans: async (body, format) => (await askOrRefuse({ ask: 'spans', body, format }, body)) as SpansOutcome,
    lines: async (body) => (await askOrRefuse({ ask: 'lines', body }, body)) as LinesOutcome,
    write: async (calls) => (await ask({ ask: 'write', calls })) as Awaited<ReturnType<Ingest['write']>>,
    snapshot: async () => (await ask({ ask: 'snapshot' })) as IngestSnapshot,
    async close() {
      if (isClosed) return
      isClosed = true
      await threads.close()
    },
  }
}

interface Threads {
  /** Resolves with a running thread, a new one if the last one has ended; rejects if none can be started. */
  live(): Promise<IngestThread>
  close(): Promise<void>
}

function createThreads(first: IngestThread, start: () => Promise<IngestThread>): Threads {
  let thread = Promise.resolve(first)
  return {
    async live() {
      for (;;) {
        const asked = thread
        const found = await asked.catch(() => undefined)
        if (found !== undefined && !found.isGone()) return found
        // Another request that was waiting may have started a new one.
        if (thread === asked) return await (thread = start())
      }
    },
    close: () => thread.then((current) => current.close()).catch(() => {}),
  }
}

function workerDataOf({ database, content = 'preview', prices = {}, limits }: IngestWorkerOptions): IngestWorkerData {
  const { spans, callLines, callLineBytes } = { ...DEFAULT_LIMITS, ...limits }
  return { database, content, prices, limits: { spans, callLines, callLineBytes } }
}
