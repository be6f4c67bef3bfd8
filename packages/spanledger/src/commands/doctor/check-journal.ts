import { bytesIn, DEFAULT_MAX_BYTES, inspectJournal, type JournalState } from '@spanledger/journal'
import type { Store } from '@spanledger/store'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sentenceOf } from '../../cli/error.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'

/** Where the journal is. `store` reports how much of it is stored; undefined if the destination is a server. */
export interface JournalPlace {
  readonly folder: string
  readonly maxBytes: number | undefined
  readonly store: Pick<Store, 'journalPosition'> | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

const NEARLY_FULL = 0.8

/** Checks whether calls that wait for the database are safe and will be stored. */
export async function checkJournal(place: JournalPlace): Promise<readonly Finding[]> {
  const { folder, maxBytes = DEFAULT_MAX_BYTES } = place
  const problem = writeProblem(folder)
  if (problem !== undefined) {
    return [
      bad(
        `The journal ${folder} cannot be written`,
        `calls wait in memory until they are stored, and are lost if the process dies: ${problem}`,
        'Give the application write access, or set SPANLEDGER_JOURNAL to another folder',
      ),
    ]
  }
  if (!existsSync(folder)) return [good(`The journal ${folder} can be created`)]
  const state = inspectJournal(folder, place.now)
  const bytes = bytesIn(folder)
  return [
    ...(bytes > maxBytes * NEARLY_FULL ? [nearlyFull(folder, bytes, maxBytes)] : []),
    await waitingIn(state, place),
    ...(state.deadLetters > 0 ? [deadLetters(folder, state.deadLetters)] : []),
    ...state.quarantined.map((name) =>
      bad(
        `${name} in ${folder} is damaged`,
        'the disk, or a copy of the file, changed it',
        'Delete it: everything readable in it is stored',
      ),
    ),
  ]
}

// A missing folder is created, but only if nothing above it is missing except `.spanledger`.
function writeProblem(folder: string): string | undefined {
  const places = [
    folder,
    dirname(folder),
    ...(/[\\/]\.spanledger$/.test(dirname(folder)) ? [dirname(dirname(folder))] : []),
  ]
  const place = places.find((path) => existsSync(path))
  if (place === undefined) return `the folder ${dirname(folder)} does not exist`
  if (!statSync(place).isDirectory()) return `${place} is not a folder`
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return sentenceOf(error)
  }
}

async function waitingIn({ writers }: JournalState, { folder, store }: JournalPlace): Promise<Finding> {
  let waiting = 0
  let orphaned = 0
  for (const { isAlive, segments } of writers) {
    for (const { name, bytes } of segments) {
      const left = Math.max(0, bytes - ((await store?.journalPosition(name))?.offset ?? 0))
      waiting += left
      if (!isAlive) orphaned += left
    }
  }
  if (orphaned > 0) {
    return bad(
      `${kilobytes(orphaned)} of calls wait in ${folder}, and the process that wrote them is gone`,
      'they are not stored until an application with this journal runs',
      'Store them now with "spanledger drain"',
    )
  }
  const alive = writers.filter(({ isAlive }) => isAlive).length
  return good(
    `The journal ${folder} has ${countOf(alive, 'live writer')}, ${waiting > 0 ? kilobytes(waiting) : 'nothing'} is waiting`,
  )
}

function nearlyFull(folder: string, bytes: number, maxBytes: number): Finding {
  return bad(
    `The journal ${folder} is nearly full: ${kilobytes(bytes)} of ${kilobytes(maxBytes)}`,
    'calls are dropped (and counted) when it is full',
    'Find out why the database does not store them, or raise SPANLEDGER_JOURNAL_MB',
  )
}

function deadLetters(folder: string, count: number): Finding {
  return bad(
    `The database refused ${countOf(count, 'call')}; they are in ${folder}`,
    'they are missing from every sum; dead-letters.jsonl has the reason for each',
    'Retry them with "spanledger drain --requeue"',
  )
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB`
}
