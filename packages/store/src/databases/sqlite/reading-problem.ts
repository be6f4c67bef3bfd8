import { toError } from '@spanledger/core'

import { QueryError, type QueryErrorDetails } from '../../query-error.ts'

/** An error as a message between threads, which preserves its text and stack but not its class. */
export interface ReadingProblem {
  readonly error: Error
  /** The fields of a `QueryError`, for callers that branch on them. */
  readonly query?: { readonly problem: string; readonly details: Omit<QueryErrorDetails, 'cause'> }
}

/** Packs an error into a message. */
export function packProblem(thrown: unknown): ReadingProblem {
  const error = toError(thrown)
  if (!(error instanceof QueryError)) return { error }
  const { problem, code, field, hint } = error
  return { error, query: { problem, details: { code, field, hint } } }
}

/** The error in a message, with its class; the error of the other thread is its cause. */
export function unpackProblem({ error, query }: ReadingProblem): Error {
  return query === undefined ? error : new QueryError(query.problem, { ...query.details, cause: error })
}
