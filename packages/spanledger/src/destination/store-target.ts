import { type Call, parseUncheckedCallLine, errorMessageOf } from '@spanledger/core'
import type { Delivery, JournalBatch, JournalTarget, RejectedLine } from '@spanledger/journal'
import { within } from '@spanledger/journal/time'
import { openStore, type Store } from '@spanledger/store'
import type { Database } from './destination.ts'

/** How to open a store for a drain. */
export interface StoreTargetOptions {
  /** How long to wait for other processes that write; 1,000 by default. */
  readonly busyTimeoutMs?: number | undefined
}

// Much shorter than the time after which a worker counts as stalled: SQLite counts its sleeps, not the clock, and on a
// busy machine they take several times as long.
const BUSY_TIMEOUT_MS = 1_000
const DELIVERY_MS = 30_000

/** Delivers to a database, which is opened by the first delivery and again after a failure. */
export function createStoreTarget(database: Database, options: StoreTargetOptions = {}): JournalTarget {
  let opening: Promise<Store> | undefined
  const open = () => {
    const { busyTimeoutMs = BUSY_TIMEOUT_MS } = options
    return 'path' in database
      ? openStore({ path: database.path, privateFolder: database.isOwnFolder, busyTimeoutMs })
      : openStore({ url: database.url })
  }
  const close = async () => {
    const opened = opening
    opening = undefined
    const store = await opened?.catch(() => undefined)
    await store?.close()
  }
  const withStore = async <Answer>(work: (store: Store) => Promise<Answer>): Promise<Answer> => {
    opening ??= open()
    try {
      return await within(work(await opening), { ms: DELIVERY_MS, onLate: tooLate, isBackground: true })
    } catch (error) {
      // The connection may be broken, so the next delivery opens a new one.
      close().catch(() => {})
      throw error
    }
  }
  return {
    deliver: (batch) => withStore((store) => deliver(store, batch)),
    position: (segment) => withStore((store) => store.journalPosition(segment)),
    forget: (segments) => withStore((store) => store.forgetJournal(segments)),
    close,
  }
}

async function deliver(store: Store, { lines, position }: JournalBatch): Promise<Delivery> {
  const invalid: RejectedLine[] = []
  const lineOf = new Map<Call, string>()
  const calls = lines.flatMap((line): Call[] => {
    try {
      const call = parseUncheckedCallLine(line) // the store checks each column
      lineOf.set(call, line)
      return [call]
    } catch (error) {
      const message = errorMessageOf(error)
      invalid.push({ line, reason: 'invalid_call', message })
      return []
    }
  })
  const counts = { stored: 0, deduplicated: 0, rejected: invalid.length }
  const result = await store.write(calls, position === undefined ? {} : { position: { ...position, counts } })
  const refused = result.rejected.map(({ call, reason }) => ({
    line: lineOf.get(call) ?? '',
    reason: 'not_storable',
    message: reason,
  }))
  return { stored: result.stored, deduplicated: result.deduplicated, rejected: [...invalid, ...refused] }
}

function tooLate(): never {
  throw new Error(`the database has not answered for ${DELIVERY_MS / 1000} s`)
}
