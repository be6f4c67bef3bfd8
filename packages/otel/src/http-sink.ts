import { diag } from '@opentelemetry/api'
import { type Call, errorMessageOf, toCallLine, type UsageSink } from '@spanledger/core'
import { postCalls, type PostOutcome, type ServerAddress } from './post-calls.ts'

/** Options of `httpSink`. */
export interface HttpSinkOptions {
  /** A token of the server with the scope `ingest`. */
  readonly token?: string | undefined
  /** If this many calls are waiting in memory, new ones are dropped and counted; 10,000 by default. */
  readonly maxWaiting?: number | undefined
  /** How long calls wait to be sent together; 1,000 by default. */
  readonly sendAfterMs?: number | undefined
}

const BATCH = 512
// A process that flushes is about to end and cannot wait forever.
const FLUSH_WITHIN_MS = 10_000
const RETRY_MS = { first: 500, most: 30_000 }
const WARN_EVERY_MS = 10_000

/**
 * A sink that posts calls to a Spanledger server. It needs only `fetch`, so it runs at the edge. Waiting calls are kept
 * in memory only; where files can be written, prefer `openUsageLog(url)`. At the edge, pass `flush()` to `waitUntil`.
 */
export function httpSink(url: string, options: HttpSinkOptions = {}): UsageSink {
  const { token, maxWaiting = 10_000, sendAfterMs = 1_000 } = options
  const address: ServerAddress = { url, token }
  const counts = createCounts()
  let waiting: string[] = []
  let inFlight = 0
  let batch = BATCH
  let retryMs = RETRY_MS.first
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | undefined
  let isClosed = false

  function schedule(afterMs: number): void {
    if (isClosed || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      void send()
    }, afterMs)
    // This timer must not keep a process alive.
    if (typeof timer === 'object') (timer as { unref?: () => void }).unref?.()
  }

  /** Sends until nothing is waiting or an attempt fails. */
  function send(): Promise<void> {
    return (sending ??= sendAll().finally(() => {
      sending = undefined
    }))
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.slice(0, batch)
      waiting = waiting.slice(lines.length)
      inFlight = lines.length
      const outcome = await postCalls(address, lines)
      inFlight = 0
      if (!take(lines, outcome)) return
    }
  }

  /** Returns whether to continue. */
  function take(lines: readonly string[], outcome: PostOutcome): boolean {
    if (outcome.kind === 'stored') {
      counts.stored(outcome)
      for (const { reason } of outcome.rejected) counts.warn(`a call was not stored: ${reason}`)
      retryMs = RETRY_MS.first
      batch = BATCH
      return true
    }
    if (outcome.kind === 'too_large') {
      if (lines.length === 1) counts.rejected('too_large')
      else waiting = [...lines, ...waiting]
      batch = Math.max(1, Math.floor(lines.length / 2))
      return true
    }
    // Put back in front of newer calls, so the oldest go first.
    waiting = [...lines, ...waiting]
    counts.warn(`cannot send calls: ${outcome.message}; ${waiting.length} are waiting in memory`)
    schedule(outcome.retryAfterMs ?? retryMs * (0.5 + Math.random() / 2))
    retryMs = Math.min(retryMs * 2, RETRY_MS.most)
    return false
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // The request in progress may have started before the newest call.
    await withinMs(FLUSH_WITHIN_MS, (sending ?? Promise.resolve()).then(send))
  }

  return {
    write(call: Call) {
      counts.generated()
      if (isClosed) return counts.dropped('closed')
      if (waiting.length + inFlight >= maxWaiting) {
        counts.warn(`${maxWaiting} calls are waiting to be sent; new ones are dropped until ${url} accepts them`)
        return counts.dropped('queue_full')
      }
      try {
        waiting.push(toCallLine(call))
      } catch {
        return counts.rejected('invalid_call')
      }
      schedule(waiting.length >= BATCH ? 0 : sendAfterMs)
    },
    leaveOut(reason) {
      counts.generated()
      counts.dropped(reason)
      counts.warn(`a call was not recorded: ${reason}`)
    },
    fault(site, error) {
      counts.fault()
      counts.warn(`${site} failed; a call may be missing: ${errorMessageOf(error)}`)
    },
    flush,
    async close() {
      if (isClosed) return
      await flush()
      isClosed = true
      clearTimeout(timer)
      const lost = waiting.length
      waiting = []
      for (let count = 0; count < lost; count += 1) counts.dropped('unreachable')
      if (lost > 0) counts.warn(`${lost} calls were lost because ${url} did not accept them in time`)
    },
    stats: () => counts.stats(waiting.length + inFlight),
  }
}

function createCounts() {
  const rejected: Record<string, number> = {}
  const dropped: Record<string, number> = {}
  let generated = 0
  let stored = 0
  let deduplicated = 0
  let faults = 0
  let warnedAt = Number.NEGATIVE_INFINITY
  return {
    generated: (): void => void (generated += 1),
    fault: (): void => void (faults += 1),
    rejected: (reason: string): void => void (rejected[reason] = (rejected[reason] ?? 0) + 1),
    dropped: (reason: string): void => void (dropped[reason] = (dropped[reason] ?? 0) + 1),
    stored(outcome: Extract<PostOutcome, { readonly kind: 'stored' }>): void {
      stored += outcome.stored
      deduplicated += outcome.deduplicated
      const count = outcome.rejected.length
      if (count > 0) rejected['invalid_call'] = (rejected['invalid_call'] ?? 0) + count
    },
    warn(sentence: string): void {
      const now = Date.now()
      if (now - warnedAt < WARN_EVERY_MS) return
      warnedAt = now
      diag.warn(`spanledger: ${sentence}`)
    },
    stats: (journaled: number) => ({
      generated,
      stored,
      deduplicated,
      rejected: { ...rejected },
      dropped: { ...dropped },
      journaled,
      ...(faults > 0 ? { faults } : {}),
    }),
  }
}

async function withinMs(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
