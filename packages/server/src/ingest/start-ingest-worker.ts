import type { ContentMode } from '@spanledger/core'
import type { OpenStoreOptions } from '@spanledger/store'
import { Worker } from 'node:worker_threads'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import type { Ingest, IngestSnapshot, LinesOutcome, Refused, SpansOutcome } from './ingest.ts'
import type { PriceSources } from './live-prices.ts'
import type { IngestMessage, IngestRequest, IngestWorkerData } from './worker-protocol.ts'

export interface IngestWorkerOptions {
  /** The worker opens the database for itself. `:memory:` is another one for each who opens it. */
  readonly database: Omit<OpenStoreOptions, 'now'>
  /** `preview` if none is given. */
  readonly content?: ContentMode | undefined
  readonly prices?: PriceSources | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Told what goes wrong, for the log. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

type Ask = IngestRequest extends infer Request ? (Request extends IngestRequest ? Omit<Request, 'id'> : never) : never

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

// Enough for the largest body that the limits let through, and an end for one that is larger after all. What is made of a
// request lives shortly, so a small place for it is emptied more often and keeps the process small.
const HEAP = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 }

// Longer than a database may be locked; whoever says nothing for that long hangs.
const ANSWER_WITHIN_MS = 60_000

/**
 * An ingest in a thread of its own. Rejects if its database cannot be opened. A worker that dies or hangs is replaced;
 * what it had not answered is refused as `unavailable`, and its senders try again.
 */
export async function startIngestWorker(options: IngestWorkerOptions): Promise<Ingest> {
  const start = (): Promise<IngestThread> => startThread(options)
  let thread: Promise<IngestThread> = start()
  await thread
  let isClosed = false

  async function liveThread(): Promise<IngestThread> {
    for (;;) {
      const asked = thread
      const found = await asked.catch(() => undefined)
      if (found !== undefined && !found.isGone()) return found
      // Unless somebody else who was waiting has started a new one.
      if (thread === asked) return await (thread = start())
    }
  }

  async function ask(request: Ask, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (isClosed) throw new Error('The ingest is closed')
    return (await liveThread()).ask(request, transfer)
  }

  async function askOrRefuse(request: Ask, body: Uint8Array<ArrayBuffer>): Promise<unknown> {
    try {
      return await ask(request, [body.buffer])
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      options.onProblem?.(message)
      return { kind: 'unavailable', message } satisfies Refused
    }
  }

  // What comes back is what the method of the same name gave in the worker.
  return {
    spans: async (body, format) => (await askOrRefuse({ ask: 'spans', body, format }, body)) as SpansOutcome,
    lines: async (body) => (await askOrRefuse({ ask: 'lines', body }, body)) as LinesOutcome,
    write: async (calls) => (await ask({ ask: 'write', calls })) as Awaited<ReturnType<Ingest['write']>>,
    snapshot: async () => (await ask({ ask: 'snapshot' })) as IngestSnapshot,
    async close() {
      if (isClosed) return
      isClosed = true
      await thread.then((current) => current.close()).catch(() => {})
    },
  }
}

interface IngestThread {
  ask(request: Ask, transfer: readonly ArrayBuffer[]): Promise<unknown>
  isGone(): boolean
  close(): Promise<void>
}

function startThread(options: IngestWorkerOptions): Promise<IngestThread> {
  const worker = createWorker(options)
  const pending = new Map<number, Pending>()
  let lastId = 0
  let isGone = false
  let heardAt = Date.now()

  const watch = setInterval(() => {
    if (pending.size === 0) heardAt = Date.now()
    else if (Date.now() - heardAt > ANSWER_WITHIN_MS) void worker.terminate()
  }, 1_000)
  watch.unref()

  function send(request: Ask, transfer: readonly ArrayBuffer[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (isGone) return reject(new Error('The ingest thread has ended'))
      lastId += 1
      if (pending.size === 0) heardAt = Date.now()
      pending.set(lastId, { resolve, reject })
      worker.postMessage({ ...request, id: lastId }, transfer)
    })
  }

  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    worker.on('message', (message: IngestMessage) => {
      heardAt = Date.now()
      if (message.say === 'ready') resolve({ ask: send, isGone: () => isGone, close: closeThread })
      else if (message.say === 'problem') options.onProblem?.(message.message)
      else settle(pending, message)
    })
    worker.on('error', (error) => {
      failure = error instanceof Error ? error : new Error(String(error))
    })
    worker.on('exit', (code) => {
      isGone = true
      clearInterval(watch)
      const why = failure ?? new Error(`The ingest thread ended with code ${code}`)
      reject(why)
      for (const { reject: refuse } of pending.values()) refuse(why)
      pending.clear()
    })
  })

  async function closeThread(): Promise<void> {
    if (isGone) return
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve())
    })
    await send({ ask: 'close' }, []).catch(() => worker.terminate())
    await exited
  }
}

function settle(pending: Map<number, Pending>, message: Extract<IngestMessage, { readonly id: number }>): void {
  const waiting = pending.get(message.id)
  pending.delete(message.id)
  if (message.say === 'answer') waiting?.resolve(message.value)
  else waiting?.reject(new Error(message.message))
}

function createWorker({ database, content = 'preview', prices = {}, limits }: IngestWorkerOptions): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  const { spans, callLines, callLineBytes } = { ...DEFAULT_LIMITS, ...limits }
  const workerData: IngestWorkerData = {
    spanledgerWorker: true,
    database,
    content,
    prices,
    limits: { spans, callLines, callLineBytes },
  }
  return new Worker(new URL(isSource ? './ingest-worker.ts' : './ingest-worker.js', import.meta.url), {
    workerData,
    // Nothing that the application preloads belongs in here, and Node 22 warns of node:sqlite at every start.
    execArgv: [...(isSource ? ['--conditions=@spanledger/source'] : []), '--disable-warning=ExperimentalWarning'],
    resourceLimits: HEAP,
  })
}
