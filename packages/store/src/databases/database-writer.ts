import type { Call, PriceFile } from '@spanledger/core'
import type { StoredCall } from '../calls/call-row.ts'
import type { RepricedCall } from '../calls/repriced-call.ts'
import type { WriteOptions, WriteResult } from '../calls/writing.ts'
import type { NamedProject, Project } from '../projects/project.ts'
import type { Guard } from './guard.ts'
import type { FollowedWrite } from './small-tables.ts'

/** A result now or later: SQLite blocks its thread until it has one. */
export type Awaitable<Result> = Result | Promise<Result>

/** The writes that each kind of database implements itself. Each method is one transaction. */
export interface DatabaseWriter {
  /** Stores a list of calls as `Store.write` promises. */
  write(calls: readonly Call[], options: WriteOptions): Awaitable<WriteResult>
  /** Changes the calls at these positions of the log, and returns them. Deleted calls are skipped. */
  changeCalls(ingestSeqs: readonly number[], change: (call: StoredCall) => Call): Awaitable<readonly RepricedCall[]>
  /** Rebuilds the rollups of a UTC day while other writers of calls are blocked. */
  rebuildDay(dayStart: number): Awaitable<void>
  forgetJournal(segments: readonly string[]): Awaitable<void>
  ensureProject(project: NamedProject): Awaitable<Project>
  changePrices(change: (prices: PriceFile) => PriceFile): Awaitable<PriceFile>
  /** Creates the unknown projects of a write and stores its position. */
  followWrite(write: FollowedWrite): Awaitable<void>
}

/** A writer whose methods return promises. */
export type PromisedWriter = {
  readonly [Method in keyof DatabaseWriter]: (
    ...given: Parameters<DatabaseWriter[Method]>
  ) => Promise<Awaited<ReturnType<DatabaseWriter[Method]>>>
}

/** The writer behind a guard. */
export function guardedWriter(writer: DatabaseWriter, guard: Guard): PromisedWriter {
  return {
    write: (calls, options) => guard.wait(() => writer.write(calls, options)),
    changeCalls: (ingestSeqs, change) => guard.wait(() => writer.changeCalls(ingestSeqs, change)),
    rebuildDay: (dayStart) => guard.wait(() => writer.rebuildDay(dayStart)),
    forgetJournal: (segments) => guard.wait(() => writer.forgetJournal(segments)),
    ensureProject: (project) => guard.wait(() => writer.ensureProject(project)),
    changePrices: (change) => guard.wait(() => writer.changePrices(change)),
    followWrite: (write) => guard.wait(() => writer.followWrite(write)),
  }
}

/** The writer of a database that is open for reading only. */
export function refusingWriter(name: string): PromisedWriter {
  const refuse = async (): Promise<never> => {
    throw new Error(`The store at ${name} is open for reading only; open it for writing`)
  }
  return {
    write: refuse,
    changeCalls: refuse,
    rebuildDay: refuse,
    forgetJournal: refuse,
    ensureProject: refuse,
    changePrices: refuse,
    followWrite: refuse,
  }
}
