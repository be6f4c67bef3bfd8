import type { Store, StoredCall } from '@spanledger/store'

/** Receives calls as they are stored. `lastSeq` is the sequence number up to which all were passed on. */
export interface LiveListener {
  onCalls(calls: readonly StoredCall[], lastSeq: number): void
}

/** Polls the log once for all listeners. */
export interface LiveFeed {
  /** Resolves with the sequence number after which the listener receives every call. */
  join(listener: LiveListener): Promise<number>
  leave(listener: LiveListener): void
  readonly size: number
}

const PAGE = 500

/** Creates a feed that polls every `pollMs` while it has listeners. */
export function createLiveFeed(
  store: Pick<Store, 'liveCalls'>,
  { pollMs, onError }: { readonly pollMs: number; readonly onError: (error: unknown) => void },
): LiveFeed {
  const listeners = new Set<LiveListener>()
  let lastSeq: number | undefined
  let starting: Promise<number> | undefined
  let timer: NodeJS.Timeout | undefined
  let isPolling = false

  function schedule(): void {
    if (timer !== undefined || isPolling || listeners.size === 0) return
    timer = setTimeout(() => {
      timer = undefined
      void poll()
    }, pollMs)
    timer.unref()
  }

  async function poll(): Promise<void> {
    isPolling = true
    try {
      await readNew()
    } catch (error) {
      onError(error)
    } finally {
      isPolling = false
    }
    // Without listeners, the next one starts at the end of the log.
    if (listeners.size === 0) lastSeq = undefined
    else schedule()
  }

  async function readNew(): Promise<void> {
    for (;;) {
      const after = lastSeq
      if (after === undefined || listeners.size === 0) return
      const page = await store.liveCalls(after, {}, PAGE)
      lastSeq = page.lastSeq
      for (const listener of listeners) listener.onCalls(page.calls, page.lastSeq)
      if (page.calls.length < PAGE) return
    }
  }

  async function begin(): Promise<number> {
    try {
      const found = (await store.liveCalls(null, {}, 1)).lastSeq
      lastSeq ??= found
      return lastSeq
    } finally {
      starting = undefined
    }
  }

  return {
    async join(listener) {
      if (lastSeq === undefined) await (starting ??= begin())
      listeners.add(listener)
      schedule()
      return lastSeq ?? 0
    },
    leave(listener) {
      listeners.delete(listener)
    },
    get size() {
      return listeners.size
    },
  }
}
