import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { drainLeftovers, inspectJournal, listDirectories, readWaitingLines } from '@spanledger/journal'
import type { Store } from '@spanledger/store'
import { type Database, journalFolderOf } from '../destination/destination.ts'
import { openTarget } from '../destination/open-target.ts'
import { hasWalResetBug } from '../destination/sqlite-build.ts'
import { readSettings } from '../settings.ts'
import type { CliContext } from './context.ts'
import { sentenceOf } from './error.ts'
import { countOf } from './text/numbers.ts'

/** The calls that wait for a database in the journal beside it. */
export interface WaitingCalls {
  /** Stores what dead processes have left, if this process may write. Says what it stored, and what it could not store. */
  storeLeft(): Promise<void>
  /** How many calls wait; `store` says which of them are stored, undefined if there is no database yet. */
  count(store: Pick<Store, 'journalPosition'> | undefined): Promise<number>
  /** What to say of so many calls. */
  sentenceOf(count: number): string
}

// A reading command is not held up for longer by a lease or by a database that does not answer.
const PATIENCE_MS = 10_000

/** Looks for the journal of a database. Undefined if nothing is in it, or if it cannot be read. */
export function findWaitingCalls(database: Database, context: CliContext): WaitingCalls | undefined {
  const { environment, workingFolder, now, output } = context
  const folder = readSettings({}, environment).journal ?? journalFolderOf(database, workingFolder)
  if (listDirectories(folder).length === 0) return undefined
  const writers = () => inspectJournal(folder, now()).writers.filter(({ segments }) => segments.length > 0)
  return {
    async storeLeft() {
      if (writers().every(({ isAlive }) => isAlive) || !mayWrite(database, folder)) return
      const { stored, crashed, problem } = await drainLeftovers({
        folder,
        target: openTarget(database),
        patienceMs: PATIENCE_MS,
        isExclusive: 'path' in database && hasWalResetBug(process.versions['sqlite']),
      })
      if (stored + crashed > 0)
        output.note(`Stored ${countOf(stored + crashed, 'call')} that a process had left in ${folder}`)
      if (problem !== undefined) output.note(`Not everything in ${folder} could be stored: ${problem}`)
    },
    async count(store) {
      const positions = new Map<string, number>()
      for (const { segments } of writers())
        for (const { name } of segments) positions.set(name, (await store?.journalPosition(name))?.offset ?? 0)
      // A segment that was not there before is left out; its calls have only just been written.
      let count = 0
      for (const line of readWaitingLines(folder, ({ name }) => positions.get(name) ?? Infinity))
        if (line !== '') count += 1
      return count
    },
    sentenceOf(count) {
      const isAlive = writers().some((writer) => writer.isAlive)
      const why = isAlive ? 'a running process is about to store them' : 'their process is gone; run "spanledger drain"'
      return `${countOf(count, 'call')} in ${folder} ${count === 1 ? 'is' : 'are'} not stored yet: ${why}`
    },
  }
}

/** Says how many calls wait for an open database, if there are any. */
export async function noteWaiting(
  waiting: WaitingCalls | undefined,
  store: Pick<Store, 'journalPosition'>,
  { output }: CliContext,
): Promise<void> {
  try {
    const count = (await waiting?.count(store)) ?? 0
    if (count > 0) output.note(waiting?.sentenceOf(count) ?? '')
  } catch (error) {
    output.note(`The journal cannot be read: ${sentenceOf(error)}`)
  }
}

function mayWrite(database: Database, folder: string): boolean {
  const file = 'path' in database ? [existsSync(database.path) ? database.path : dirname(database.path)] : []
  try {
    for (const path of [folder, ...file]) accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
