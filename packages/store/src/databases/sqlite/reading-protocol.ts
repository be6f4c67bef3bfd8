import type { CallTables } from '../call-tables.ts'
import type { ReadingProblem } from './reading-problem.ts'

/** The questions that may take long: they read many calls or sums. The others look something up. */
export const LONG_QUESTIONS = [
  'calls',
  'trace',
  'sessions',
  'session',
  'usageLogs',
  'summary',
  'breakdown',
  'timeseries',
  'toolStats',
  'toolReport',
  'unpricedModels',
] as const satisfies readonly (keyof CallTables)[]

/** A method that may take long. */
export type LongQuestion = (typeof LONG_QUESTIONS)[number]

/** What a reading thread is started with. */
export interface ReadingWorkerData {
  /** Keeps what an application preloads from taking this thread for its own. */
  readonly spanledgerWorker: true
  readonly path: string
  readonly usesRollups: boolean
}

/** One question to a thread, which answers it before it is asked the next one. */
export interface ReadingQuestion {
  readonly method: LongQuestion
  readonly given: readonly unknown[]
}

/** What a thread answers. */
export type ReadingAnswer = { readonly answer: unknown } | { readonly problem: ReadingProblem }
