import { type Call, callId } from '@spanledger/core'
import { type RejectedCall, type StepLink, type Store, WRITE_BATCH_SIZE, type WriteResult } from '@spanledger/store'

/** Writes lists of calls. Those of several requests share a transaction. */
export interface BatchWriter {
  /**
   * Resolves when the calls and the steps that came with them are durable, with the calls that the database cannot hold.
   * Rejects if it cannot take any.
   */
  write(calls: readonly Call[], links?: readonly StepLink[]): Promise<readonly RejectedCall[]>
  /** The same in a transaction of its own, for a caller that must know how many of the calls were new. */
  writeAlone(calls: readonly Call[]): Promise<WriteResult>
  /** Resolves when few enough calls wait that more can be made. */
  room(): Promise<void>
  /** Calls that wait. */
  waiting(): number
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

interface Entry {
  readonly calls: readonly Call[]
  readonly links: readonly StepLink[]
  readonly isAlone: boolean
  readonly resolve: (result: WriteResult) => void
  readonly reject: (error: unknown) => void
}

/** Stores a transaction's worth of calls. */
export type WriteCalls = (calls: readonly Call[], links: readonly StepLink[]) => ReturnType<Store['write']>

/**
 * This many calls of several requests go into one transaction. The calls live until it is over, and objects that outlive
 * the young generation of the heap are expensive to free: larger transactions cost more memory and time than they save.
 */
const MOST_TOGETHER = 1.5 * WRITE_BATCH_SIZE

export function createBatchWriter(writeCalls: WriteCalls): BatchWriter {
  let entries: Entry[] = []
  let waiting = 0
  let running: Promise<void> | undefined
  // Those that wait for room.
  let queue: (() => void)[] = []

  async function run(): Promise<void> {
    // Lets calls of other requests join the transaction.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (entries.length > 0) await writeTogether(take())
    running = undefined
  }

  function take(): readonly Entry[] {
    let size = 0
    let count = 0
    for (const { calls, isAlone } of entries) {
      if (count > 0 && (isAlone || size + calls.length > MOST_TOGETHER)) break
      size += calls.length
      count += 1
      if (isAlone) break
    }
    const taken = entries.slice(0, count)
    entries = entries.slice(count)
    return taken
  }

  async function writeTogether(taken: readonly Entry[]): Promise<void> {
    try {
      const links = taken.flatMap((entry) => entry.links)
      const result = await writeInParts(
        taken.flatMap((entry) => entry.calls),
        links,
      )
      for (const entry of taken) entry.resolve(taken.length === 1 ? result : refusedOf(entry, result))
    } catch (error) {
      for (const entry of taken) entry.reject(error)
    } finally {
      waiting -= taken.reduce((sum, { calls }) => sum + calls.length, 0)
      const asking = queue
      queue = []
      for (const resolve of asking) resolve()
    }
  }

  async function writeInParts(calls: readonly Call[], links: readonly StepLink[]): Promise<WriteResult> {
    let all: WriteResult = { stored: 0, deduplicated: 0, rejected: [] }
    for (let start = 0; start < calls.length; start += MOST_TOGETHER) {
      const part = await writeCalls(calls.slice(start, start + MOST_TOGETHER), start === 0 ? links : [])
      all = {
        stored: all.stored + part.stored,
        deduplicated: all.deduplicated + part.deduplicated,
        rejected: [...all.rejected, ...part.rejected],
      }
    }
    return all
  }

  function add({ calls, links, isAlone }: Pick<Entry, 'calls' | 'links' | 'isAlone'>): Promise<WriteResult> {
    waiting += calls.length
    return new Promise((resolve, reject) => {
      entries.push({ calls, links, isAlone, resolve, reject })
      running ??= run()
    })
  }

  return {
    waiting: () => waiting,
    write: async (calls, links = []) => (await add({ calls, links, isAlone: false })).rejected,
    writeAlone: (calls) => add({ calls, links: [], isAlone: true }),
    async room() {
      while (waiting >= MOST_TOGETHER) await new Promise<void>((resolve) => queue.push(resolve))
    },
    async idle() {
      while (running !== undefined) await running
    },
  }
}

// In a shared transaction it is not known which request brought a new call, but it is known which brought a refused one.
function refusedOf({ calls }: Entry, result: WriteResult): WriteResult {
  if (result.rejected.length === 0) return result
  const own = new Set(calls.map(callId))
  return { ...result, rejected: result.rejected.filter(({ call }) => own.has(callId(call))) }
}
