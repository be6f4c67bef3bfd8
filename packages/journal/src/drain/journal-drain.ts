import { type AdoptedDirectory, createAdoption } from '../leases/adoption.ts'
import { createBackoff } from '../time/backoff.ts'
import { createDeadLetterBox } from '../letters/dead-letter-box.ts'
import type { AdoptedOutcome, DrainEvent } from './drain-events.ts'
import { createDrainLock } from '../leases/drain-lock.ts'
import type { DrainSignals } from '../drain-signals.ts'
import { isDiskFailure } from '../folder/file-errors.ts'
import { bytesIn } from '../folder/journal-folder.ts'
import { createJournalSource, type JournalSource } from '../source/journal-source.ts'
import type { SourceListener } from '../source/source-listener.ts'
import type { JournalTarget } from '../journal-target.ts'
import { beatLease, LEASE_BEAT_MS, LEASE_TTL_MS, releaseLease } from '../leases/lease.ts'
import { createSleep } from '../time/sleep.ts'

/** The reading end of a journal: brings what is written to the target, as long as it is not closed. */
export interface JournalDrain {
  /** Something was written; `now` if it must not wait until more has been gathered. */
  wake(when?: 'now'): void
  /** A writer of this process, whose segments are drained as they grow and whose lease is renewed. */
  addWriter(writer: string): void
  /** The oldest calls make room for new ones. */
  dropOldest(): void
  /**
   * Delivers what is there, unless that fails, makes rows of calls that have not ended, and gives the leases up, so that
   * what is left can be adopted. Idempotent; never rejects.
   */
  close(): Promise<void>
}

export interface JournalDrainOptions {
  readonly folder: string
  readonly target: JournalTarget
  readonly signals: DrainSignals
  readonly onEvent: (event: DrainEvent) => void
  /** Calls of one batch at most; 2,048 by default. Few of them keep an event loop that has other work free. */
  readonly maxRows?: number | undefined
  /** The drain lives in a process that may end without it. */
  readonly isBackground?: boolean | undefined
  /** Only one process at a time delivers, and the target is closed in between. */
  readonly isExclusive?: boolean | undefined
  /** 15 seconds by default. */
  readonly leaseTtlMs?: number | undefined
}

const NOTHING_ADOPTED: AdoptedOutcome = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0, crashed: 0 }
const DEFAULT_MAX_ROWS = 2048
// Long enough to gather a batch, short enough that a crash of the machine costs little.
const GATHER_MS = 20
const SYNC_AFTER_MS = 25
const IDLE_MS = 1_000
const BEAT_MS = 500
const ADOPT_MS = 2_000
/** An owner is looked at so often before its lease counts as run out. */
const LOOKS = 8
const MEASURE_MS = 1_000

export function createJournalDrain(options: JournalDrainOptions): JournalDrain {
  const { folder, target, signals, onEvent, maxRows = DEFAULT_MAX_ROWS, isBackground = false } = options
  const { leaseTtlMs = LEASE_TTL_MS } = options
  const adoption = createAdoption(folder, leaseTtlMs)
  const lock = options.isExclusive === true ? createDrainLock(folder, leaseTtlMs) : undefined
  const sleep = createSleep(isBackground)
  const backoff = createBackoff()
  const writers = new Set<string>()
  const letters = createDeadLetterBox(folder, () => beat())
  const own = new Map<string, JournalSource>()
  const adopted = new Map<string, JournalSource>()
  const waiting: AdoptedDirectory[] = []
  let isClosing = false
  let isDropping = false
  let isIdle = false
  let isUrgent = false
  let beatenMs = 0
  let adoptedMs = -Infinity
  let measuredMs = -Infinity
  let syncedMs = 0

  const tell = (event: DrainEvent) => {
    onEvent(event)
    signals.told()
  }
  const onQuarantined = (file: string) => tell({ type: 'quarantined', file })

  const ownListener = (writer: string): SourceListener => ({
    onProgress: ({ delivery, ...progress }) =>
      tell({
        type: 'progress',
        writer,
        ...progress,
        rejections: delivery.rejected.map(({ reason, message }) => ({ reason, message })),
      }),
    onQuarantined,
    onUnfinished: () => {},
  })

  const adoptedListener: SourceListener = {
    onProgress: ({ delivery, dropped }) => tellAdopted({ ...delivery, rejected: delivery.rejected.length, dropped }),
    onQuarantined,
    onUnfinished: (crashed) => tellAdopted({ crashed }),
  }
  const tellAdopted = (outcome: Partial<AdoptedOutcome>) =>
    tell({ type: 'adopted', outcome: { ...NOTHING_ADOPTED, ...outcome } })

  const addOwn = () => {
    for (const writer of writers) {
      if (own.has(writer)) continue
      const directory = { path: `${folder}/${writer}`, writer, owner: writer }
      const { lastWritten } = signals
      const listener = ownListener(writer)
      own.set(writer, createJournalSource({ directory, target, listener, maxRows, letters, lastWritten }))
    }
  }

  const addAdopted = (nowMs: number) => {
    if (nowMs - adoptedMs >= Math.min(ADOPT_MS, leaseTtlMs / LOOKS)) {
      adoptedMs = nowMs
      waiting.push(...adoption.adopt((owner) => writers.has(owner)))
    }
    for (const directory of waiting.splice(0)) {
      if (directory.readableAtMs > nowMs) waiting.push(directory)
      else {
        const listener = adoptedListener
        adopted.set(directory.path, createJournalSource({ directory, target, listener, maxRows, letters }))
      }
    }
  }

  // By a timer, so that they go on while a delivery takes its time.
  const beat = () => {
    signals.beat()
    const nowMs = performance.now()
    if (nowMs - beatenMs < LEASE_BEAT_MS) return
    beatenMs = nowMs
    for (const writer of writers) beatLease(folder, writer)
    adoption.beat()
    lock?.beat()
  }
  const timer = setInterval(beat, BEAT_MS)
  if (isBackground) timer.unref()

  const keepHouse = () => {
    const nowMs = performance.now()
    addOwn()
    try {
      if (!isClosing) addAdopted(nowMs)
    } catch (error) {
      // A full disk has no room for a lease: what others have left can wait.
      tell({ type: 'failed', message: messageOf(error) })
    }
    if (nowMs - measuredMs < MEASURE_MS) return
    measuredMs = nowMs
    signals.measured(bytesIn(folder))
  }

  const dropOldest = async () => {
    if (!isDropping) return
    isDropping = false
    for (const source of [...adopted.values(), ...own.values()]) if (await source.dropOldest()) break
    measuredMs = -Infinity
  }

  // What waits longer than a batch takes must not wait for the disk's own good time.
  const syncBehind = () => {
    const nowMs = performance.now()
    if (nowMs - syncedMs < SYNC_AFTER_MS) return
    syncedMs = nowMs
    try {
      for (const source of own.values()) source.sync()
    } catch (error) {
      // Where Node or the system allows no sync at all, the disk takes its own good time.
      if (isDiskFailure(error)) tell({ type: 'sync-failed', message: messageOf(error) })
    }
  }

  const stepOf = async (sources: Map<string, JournalSource>): Promise<boolean> => {
    for (const [key, source] of sources) {
      const outcome = await source.deliverNext()
      if (outcome === 'delivered') return true
      if (outcome === 'empty' && sources === own && key === [...writers].at(-1)) continue
      if (outcome === 'empty') await source.finish('crashed')
      source.close()
      sources.delete(key)
      if (sources === own) {
        writers.delete(key)
        if (outcome === 'empty') releaseLease(folder, key)
      }
    }
    return false
  }

  /** True if there may be more. */
  const pass = async (): Promise<boolean> => {
    keepHouse()
    await dropOldest()
    if (lock !== undefined && !lock.take()) return false
    const isMore = (await stepOf(own)) || (!isClosing && (await stepOf(adopted)))
    if (isMore) syncBehind()
    else if (lock?.isHeld() === true) {
      await target.close()
      lock.release()
    }
    return isMore
  }

  const run = async () => {
    while (!isClosing) {
      try {
        if (await pass()) isIdle = false
        else await idle()
        await turn(isBackground)
        backoff.reset()
      } catch (error) {
        tell({ type: 'failed', message: messageOf(error) })
        syncBehind()
        await sleep.forMs(backoff.nextMs())
      }
    }
  }

  const idle = async () => {
    const before = signals.lastWritten()
    signals.sleep()
    const now = signals.lastWritten()
    if (now.number !== before.number || now.offset !== before.offset) return
    if (!isIdle) tell({ type: 'idle' })
    isIdle = true
    isUrgent = false
    const readableMs = Math.min(...waiting.map(({ readableAtMs }) => readableAtMs)) - performance.now()
    const isWoken = await sleep.forMs(Math.max(0, Math.min(IDLE_MS, leaseTtlMs / LOOKS, readableMs)))
    if (isWoken && !isUrgent) await sleep.forMs(GATHER_MS)
    signals.mustWake()
  }

  let closing: Promise<void> | undefined
  const running = run()
  const finish = async () => {
    isClosing = true
    isUrgent = true
    sleep.wake()
    await running
    try {
      while (await pass()) await turn(isBackground)
      for (const source of own.values()) await source.finish('abandoned')
    } catch (error) {
      tell({ type: 'failed', message: messageOf(error) })
    }
    clearInterval(timer)
    for (const source of [...own.values(), ...adopted.values()]) source.close()
    for (const writer of writers) releaseLease(folder, writer)
    adoption.release()
    await target.close().catch(() => {})
    lock?.release()
  }
  return {
    wake(when) {
      isUrgent ||= when === 'now'
      sleep.wake()
    },
    addWriter: (writer) => void writers.add(writer),
    dropOldest() {
      isDropping = true
      sleep.wake()
    },
    close: () => (closing ??= finish()),
  }
}

// A database that answers at once would keep messages and timers from ever being heard.
function turn(isBackground: boolean): Promise<void> {
  return new Promise((resolve) => {
    // An immediate that holds nothing up would not come before something else happens.
    if (isBackground) setTimeout(resolve, 1).unref()
    else setImmediate(resolve)
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
