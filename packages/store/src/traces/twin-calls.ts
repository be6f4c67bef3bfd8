/** Provider responses that more than one billable call reports, by the two SDKs of these calls. */
export interface TwinCalls {
  /** The SDKs of the calls, as in column `sdk`; the same twice if one instrumentation is set up twice. */
  readonly sdks: readonly [string | null, string | null]
  /** The number of responses that are counted more than once. */
  readonly answers: number
  /** One of their traces. */
  readonly traceId: string
}
