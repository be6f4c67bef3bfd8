import type { CallTables } from '../call-tables.ts'
import type { ReadingProblem } from './reading-problem.ts'

/** The queries that may take long, because they read many calls or sums. The others are lookups. */
export const LONG_QUERIES = [
  'calls',
  'trace',
  'traces',
  'sessions',
  'session',
  'usageLogs',
  'summary',
  'breakdown',
  'timeseries',
  'toolStats',
  'toolReport',
  'failures',
  'unpricedModels',
] as const satisfies readonly (keyof CallTables)[]

/** A method that may take long. */
export type LongQuery = (typeof LONG_QUERIES)[number]

/** The data that a reading thread starts with. */
export interface ReadingWorkerData {
  readonly path: string
  readonly usesRollups: boolean
}

/** A query for a thread, which answers one at a time. */
export interface ReadingQuery {
  readonly method: LongQuery
  readonly given: readonly unknown[]
}

/** The result of a query, or its error. */
export type ReadingResult = { readonly answer: unknown } | { readonly problem: ReadingProblem }
