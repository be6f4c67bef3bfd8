/** The option of a question that is wrong. */
export type QueryField = 'cursor' | 'limit' | 'sort' | 'groupBy' | 'bucket' | 'tz'

/** What is wrong with it, as a word that a program can branch on. */
export type QueryErrorCode = 'unknown_cursor' | 'unknown_value' | 'out_of_range' | 'too_many_buckets'

/** Where a question is wrong, and what would work. */
export interface QueryErrorDetails {
  readonly code: QueryErrorCode
  readonly field: QueryField
  /** A sentence that begins with a small letter and a verb, such as `use 15m, 1h or auto`. */
  readonly hint: string
  readonly cause?: unknown
}

/**
 * A question that cannot be answered as it is asked, whatever the database holds. Who asked can put it right, so a caller
 * passes on `field`, `problem` and `hint`; the message is the last two.
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
