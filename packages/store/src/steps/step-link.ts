/** A step and its parent span. A step is not a call; calls below it become children of that span. */
export interface StepLink {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string
}
