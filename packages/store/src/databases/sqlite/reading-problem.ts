import { QueryError, type QueryErrorDetails } from '../../query-error.ts'
import { TransientStoreError } from '../../transient-error.ts'

/** An error between two threads: a message carries its text and stack, but not its class. */
export interface ReadingProblem {
  readonly error: Error
  /** What a caller branches on. */
  readonly kind:
    | { readonly is: 'query'; readonly problem: string; readonly details: Omit<QueryErrorDetails, 'cause'> }
    | { readonly is: 'transient' }
    | { readonly is: 'other' }
}

/** An error as a message to the thread that asked. */
export function packProblem(thrown: unknown): ReadingProblem {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error instanceof QueryError) {
    const { problem, code, field, hint } = error
    return { error, kind: { is: 'query', problem, details: { code, field, hint } } }
  }
  return { error, kind: { is: error instanceof TransientStoreError ? 'transient' : 'other' } }
}

/** The error of such a message, with its class; what the thread knew of it is the cause. */
export function unpackProblem({ error, kind }: ReadingProblem): Error {
  if (kind.is === 'query') return new QueryError(kind.problem, { ...kind.details, cause: error })
  return kind.is === 'transient' ? new TransientStoreError(error.message, { cause: error }) : error
}
