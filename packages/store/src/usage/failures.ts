/** Failed calls with the same error. */
export interface CallFailure {
  readonly message: string | null
  readonly errorType: string | null
  readonly httpStatus: number | null
  readonly calls: number
  /** Epoch milliseconds. */
  readonly lastStartedAt: number
  /** The last of these calls. */
  readonly callId: string
}
