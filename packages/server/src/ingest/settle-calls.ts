import { type Call, settleTrace } from '@spanledger/core'
import { type RootFallback, withoutFallbacks } from './root-fallback.ts'
import type { StepLinks } from './step-links.ts'

/** Settles calls with the remembered steps of their traces. */
export interface CallSettler {
  /** Settles one batch. */
  settle(calls: readonly Call[]): readonly Call[]
  /** Settles everything that is stored of some traces. */
  settleStored(calls: readonly Call[]): readonly Call[]
}

/** Makes a settler that folds steps with `links`, and shows `fallback` what is stored. */
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
