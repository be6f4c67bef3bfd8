/** Provider responses that are in more than one billable call, by the two SDKs that reported them. */
export interface TwinCalls {
  /** What made the calls, as in column `sdk`; twice the same where one thing is set up twice. */
  readonly sdks: readonly [string | null, string | null]
  /** Answers that are counted more than once. */
  readonly answers: number
  /** One of their traces. */
  readonly traceId: string
}
