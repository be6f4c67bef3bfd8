import type { Store, StoredCall } from '@spanledger/store'

/** Hears calls as they land. `lastSeq` is the place in the log up to which all have been given. */
export interface LiveListener {
  onCalls(calls: readonly StoredCall[], lastSeq: number): void
}

/** One look at the log for everybody who follows it. */
export interface LiveFeed {
  /** Resolves with the place in the log after which the listener hears every call. */
  join(listener: LiveListener): Promise<number>
  leave(listener: LiveListener): void
  readonly size: number
}

const PAGE = 500

/** Looks at the log as long as somebody follows; `pollMs` is how long it waits between two looks. */
export function createLiveFeed(
  store: Pick<Store, 'liveCalls'>,
  { pollMs, onError }: { readonly pollMs: number; readonly onError: (error: unknown) => void },
): LiveFeed {
  const listeners = new Set<LiveListener>()
  let lastSeq: number | undefined
  let starting: Promise<number> | undefined
  let timer: NodeJS.Timeout | undefined
  let isLooking = false

  function schedule(): void {
    if (timer !== undefined || isLooking || listeners.size === 0) return
    timer = setTimeout(() => {
      timer = undefined
      void look()
    }, pollMs)
    timer.unref()
  }

  async function look(): Promise<void> {
    isLooking = true
    try {
      await readOn()
    } catch (error) {
      onError(error)
    } finally {
      isLooking = false
    }
    // Nobody is there: the next one who comes begins where the log then ends.
    if (listeners.size === 0) lastSeq = undefined
    else schedule()
  }

  async function readOn(): Promise<void> {
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
