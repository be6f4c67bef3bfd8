import { bytesIn, DEFAULT_MAX_BYTES, inspectJournal, type JournalState } from '@spanledger/journal'
import type { Store } from '@spanledger/store'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sentenceOf } from '../../cli/error.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'

/** Where the journal is, and what tells how much of it the database holds; nothing tells it of a ledger server. */
export interface JournalPlace {
  readonly folder: string
  readonly maxBytes: number | undefined
  readonly store: Pick<Store, 'journalPosition'> | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

const NEARLY_FULL = 0.8

/** Whether calls that wait for the database are safe, and on their way. */
export async function checkJournal(place: JournalPlace): Promise<readonly Finding[]> {
  const { folder, maxBytes = DEFAULT_MAX_BYTES } = place
  const problem = writeProblem(folder)
  if (problem !== undefined) {
    return [
      bad(
        `The journal ${folder} cannot be written`,
        `calls wait in memory until they are stored, and are lost with the process: ${problem}`,
        'Give the application the right to write there, or name another folder: SPANLEDGER_JOURNAL',
      ),
    ]
  }
  if (!existsSync(folder)) return [good(`The journal ${folder} can be made`)]
  const state = inspectJournal(folder, place.now)
  const bytes = bytesIn(folder)
  return [
    ...(bytes > maxBytes * NEARLY_FULL ? [nearlyFull(folder, bytes, maxBytes)] : []),
    await waitingIn(state, place),
    ...(state.deadLetters > 0 ? [deadLetters(folder, state.deadLetters)] : []),
    ...state.quarantined.map((name) =>
      bad(
        `${name} in ${folder} is damaged`,
        'a disk or a copy has changed it',
        'What could be read of it is stored; remove it',
      ),
    ),
  ]
}

// A folder that is not there yet is made, unless more than itself and `.spanledger` is missing.
function writeProblem(folder: string): string | undefined {
  const places = [
    folder,
    dirname(folder),
    ...(/[\\/]\.spanledger$/.test(dirname(folder)) ? [dirname(dirname(folder))] : []),
  ]
  const place = places.find((path) => existsSync(path))
  if (place === undefined) return `there is no folder ${dirname(folder)}`
  if (!statSync(place).isDirectory()) return `${place} is no folder`
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
      `${kilobytes(orphaned)} of calls wait in ${folder}, and the process that made them is gone`,
      'nobody takes them to the database until an application with this journal runs',
      '"spanledger drain" stores them now',
    )
  }
  const alive = writers.filter(({ isAlive }) => isAlive).length
  return good(
    `The journal ${folder}: ${countOf(alive, 'writer')} alive, ${waiting > 0 ? kilobytes(waiting) : 'nothing'} waits`,
  )
}

function nearlyFull(folder: string, bytes: number, maxBytes: number): Finding {
  return bad(
    `The journal ${folder} is nearly full: ${kilobytes(bytes)} of ${kilobytes(maxBytes)}`,
    'when it is full, calls are dropped (and counted)',
    'See why the database does not take them; SPANLEDGER_JOURNAL_MB makes more room',
  )
}

function deadLetters(folder: string, count: number): Finding {
  return bad(
    `${countOf(count, 'call')} that the database refused in ${folder}`,
    'they are in no sum; dead-letters.jsonl says why for each',
    '"spanledger drain --requeue" tries them again',
  )
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB`
}
