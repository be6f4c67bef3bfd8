/** A row of the view `ai_usage_logs`: the totals of one run. */
export interface UsageLog {
  readonly id: string
  readonly projectId: string | null
  readonly requestId: string | null
  readonly operation: string | null
  readonly model: string | null
  readonly provider: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly totalTokens: number | null
  /** USD. */
  readonly estimatedCost: number | null
  readonly durationMs: number | null
  readonly toolCallsCount: number
  /** `[{name, arguments, result, durationMs, error}]` */
  readonly toolCallsJson: readonly unknown[]
  readonly responseMetadata: unknown
  readonly error: string | null
  /** When the first of its calls was stored, epoch milliseconds. */
  readonly createdAt: number
}

/** A page of usage logs. */
export interface UsageLogPage {
  readonly logs: readonly UsageLog[]
  readonly next?: string | undefined
}
