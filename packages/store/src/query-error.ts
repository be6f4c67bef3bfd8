/** The option of a query that is wrong. */
export type QueryField = 'cursor' | 'limit' | 'sort' | 'groupBy' | 'bucket' | 'tz'

/** What is wrong with it, for code that branches on it. */
export type QueryErrorCode = 'unknown_cursor' | 'unknown_value' | 'out_of_range' | 'too_many_buckets'

/** What is wrong with a query, and what would work. */
export interface QueryErrorDetails {
  readonly code: QueryErrorCode
  readonly field: QueryField
  /** A clause that begins with a lower-case verb, such as `use 15m, 1h or auto`. */
  readonly hint: string
  readonly cause?: unknown
}

/**
 * An invalid query, whatever the database holds. Only its author can correct it, so callers pass on `field`, `problem`
 * and `hint`; the message joins the last two.
 */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: QueryErrorCode
  readonly field: QueryField
  readonly problem: string
  readonly hint: string

  constructor(problem: string, { code, field, hint, cause }: QueryErrorDetails) {
    super(`${problem}; ${hint}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.field = field
    this.problem = problem
    this.hint = hint
  }
}
