import { type Call, callId } from '@spanledger/core'
import { type RejectedCall, type StepLink, type Store, WRITE_BATCH_SIZE, type WriteResult } from '@spanledger/store'

/** Writes lists of calls, those of several requests in one transaction. */
export interface BatchWriter {
  /**
   * Resolves when the calls are durable, with the steps that came with them, and gives those that the database cannot
   * hold; rejects if it cannot take any.
   */
  write(calls: readonly Call[], links?: readonly StepLink[]): Promise<readonly RejectedCall[]>
  /** The same in transactions of its own, for whoever must know how many of the calls were new. */
  writeAlone(calls: readonly Call[]): Promise<WriteResult>
  /** Resolves when so few calls wait that more can be made. */
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

/** What is done with a transaction's worth of calls. */
export type WriteCalls = (calls: readonly Call[], links: readonly StepLink[]) => ReturnType<Store['write']>

/**
 * So many calls of several requests go into one transaction. What has been made of requests lives until it is over, and
 * what lives longer than the young generation of the heap is dear to get rid of: more would take more memory and time
 * than the transactions that they save.
 */
const MOST_TOGETHER = 1.5 * WRITE_BATCH_SIZE

export function createBatchWriter(writeCalls: WriteCalls): BatchWriter {
  let entries: Entry[] = []
  let waiting = 0
  let running: Promise<void> | undefined
  // Those who wait for room.
  let queue: (() => void)[] = []

  async function run(): Promise<void> {
    // Whatever else has arrived by now goes along.
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

// Whose call of a common transaction was new is not known; whose was refused is.
function refusedOf({ calls }: Entry, result: WriteResult): WriteResult {
  if (result.rejected.length === 0) return result
  const own = new Set(calls.map(callId))
  return { ...result, rejected: result.rejected.filter(({ call }) => own.has(callId(call))) }
}
