/** A step and the span that it stands under. Steps make no call, and calls under one belong under that span. */
export interface StepLink {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string
}
