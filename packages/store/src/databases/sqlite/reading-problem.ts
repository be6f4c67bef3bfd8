import { QueryError, type QueryErrorDetails } from '../../query-error.ts'

/** An error between two threads: a message carries its text and stack, but not its class. */
export interface ReadingProblem {
  readonly error: Error
  /** What a caller branches on, if it is a `QueryError`. */
  readonly query?: { readonly problem: string; readonly details: Omit<QueryErrorDetails, 'cause'> }
}

/** An error as a message to the thread that asked. */
export function packProblem(thrown: unknown): ReadingProblem {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (!(error instanceof QueryError)) return { error }
  const { problem, code, field, hint } = error
  return { error, query: { problem, details: { code, field, hint } } }
}

/** The error of such a message, with its class; what the thread knew of it is the cause. */
export function unpackProblem({ error, query }: ReadingProblem): Error {
  return query === undefined ? error : new QueryError(query.problem, { ...query.details, cause: error })
}
