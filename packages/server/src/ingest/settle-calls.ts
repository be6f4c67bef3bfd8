import { type Call, settleTrace } from '@spanledger/core'
import { type RootFallback, withoutFallbacks } from './root-fallback.ts'
import type { StepLinks } from './step-links.ts'

/** Settles calls with the steps that are remembered of their traces. */
export interface CallSettler {
  /** Of one batch. */
  settle(calls: readonly Call[]): readonly Call[]
  /** Of all that is stored of some traces. */
  settleStored(calls: readonly Call[]): readonly Call[]
}

export function createCallSettler(links: StepLinks, fallback: RootFallback): CallSettler {
  const settle = (calls: readonly Call[]): readonly Call[] => withoutFallbacks(settleTrace(calls.map(links.fold)))
  return {
    settle,
    settleStored(calls) {
      const settled = settle(calls)
      fallback.observe(settled)
      return settled
    },
  }
}
