/** Whether to store new costs; by default they are only computed. */
export interface RepriceOptions {
  readonly write?: boolean | undefined
}

/** A group of calls without a cost that share these values. */
export interface UnpricedModel {
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly serviceTier: string | null
  /** Why they have no cost. */
  readonly reason: string | null
  readonly calls: number
  /** When the last one started, epoch milliseconds. */
  readonly lastStartedAt: number
}
