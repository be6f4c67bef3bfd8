import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toCallLine } from '@spanledger/core'
import type { DrainEvent, JournalTarget } from '@spanledger/journal'
import { openStore, type Store } from '@spanledger/store'
import { afterEach } from 'vitest'
import { call } from '../builders.ts'
import { targetOf } from './store-target.ts'

const folders: string[] = []
const cleanUps: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-journal-'))
  folders.push(folder)
  return folder
}

/** Runs at the end of the test. */
export function atEnd(cleanUp: () => Promise<void>): void {
  cleanUps.push(cleanUp)
}

/** A line of a call with an id of its own. */
export function newLine(differences: Parameters<typeof call>[0] = {}): string {
  return toCallLine(
    call({ trace_id: randomBytes(16).toString('hex'), span_id: randomBytes(8).toString('hex'), ...differences }),
  )
}

/** A target that delivers into a database of its own, until it is told to fail. */
export interface TestTarget extends JournalTarget {
  readonly store: Store
  /** Rejects deliveries with this message; nothing makes them work again. */
  failWith(message: string | undefined): void
  /** Ids of the calls that the database holds, by status. */
  ids(status?: string): Promise<readonly string[]>
}

export async function createTestTarget(folder: string): Promise<TestTarget> {
  const store = await openStore({ path: join(folder, 'usage.db') })
  atEnd(() => store.close())
  const target = targetOf(store)
  let failure: string | undefined
  return {
    store,
    failWith(message) {
      failure = message
    },
    async ids(status) {
      const ids: string[] = []
      for await (const { trace_id, span_id } of store.iterate(status === undefined ? {} : { status })) {
        ids.push(`${trace_id}-${span_id}`)
      }
      return ids
    },
    async deliver(batch) {
      if (failure !== undefined) throw new Error(failure)
      return target.deliver(batch)
    },
    async position(segment) {
      if (failure !== undefined) throw new Error(failure)
      return target.position(segment)
    },
    forget: target.forget,
    close: target.close,
  }
}

/** The id that a line begins with. */
export function idOf(line: string): string {
  return (JSON.parse(line) as { id: string }).id
}

/** What became of the calls of this process, after everything that was told. */
export function countsOf(events: readonly DrainEvent[]) {
  const last = new Map<number, { stored: number; deduplicated: number; rejected: number; dropped: number }>()
  for (const event of events) {
    if (event.type !== 'progress') continue
    const { stored, deduplicated, rejected, dropped } = event
    last.set(event.number, {
      stored,
      deduplicated,
      rejected,
      dropped: (last.get(event.number)?.dropped ?? 0) + dropped,
    })
  }
  const sum = { stored: 0, deduplicated: 0, rejected: 0, dropped: 0 }
  for (const counts of last.values()) {
    for (const name of ['stored', 'deduplicated', 'rejected', 'dropped'] as const) sum[name] += counts[name]
  }
  return sum
}

/** Waits until something is so; fails the test when it is not within 20 seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('the condition did not become true within 20 seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
