import { repriceCall } from '@spanledger/core'
import type { CallFilter, RepricedCall } from '@spanledger/store'
import type { ApiContext } from './api-context.ts'
import type { RepriceAnswer } from './schemas/price.ts'

interface Sums {
  calls: number
  changed: number
  beforeNanoUsd: number | null
  afterNanoUsd: number | null
}

/** Re-prices the calls of a filter, or only reports what would change. */
export async function repriceCalls(
  { store, prices, now }: Pick<ApiContext, 'store' | 'prices' | 'now'>,
  filter: CallFilter,
  write: boolean,
): Promise<RepriceAnswer> {
  const book = await prices()
  const at = now()
  const all = emptySums()
  const models = new Map<string, Sums & { readonly provider: string | null; readonly model: string | null }>()
  for await (const repriced of store.reprice(filter, (call) => repriceCall(call, book, at), { write })) {
    const { provider, model } = repriced.before
    const key = JSON.stringify([provider, model])
    const sums = models.get(key) ?? { provider, model, ...emptySums() }
    models.set(key, sums)
    add(all, repriced)
    add(sums, repriced)
  }
  const byModel = [...models.values()].filter(({ changed }) => changed > 0)
  return { write, ...all, byModel: byModel.sort((a, b) => b.changed - a.changed) }
}

function emptySums(): Sums {
  return { calls: 0, changed: 0, beforeNanoUsd: null, afterNanoUsd: null }
}

function add(sums: Sums, { before, after }: RepricedCall): void {
  sums.calls += 1
  if (before !== after) sums.changed += 1
  sums.beforeNanoUsd = plus(sums.beforeNanoUsd, before.cost_nano_usd)
  sums.afterNanoUsd = plus(sums.afterNanoUsd, after.cost_nano_usd)
}

function plus(sum: number | null, cost: number | null): number | null {
  return cost === null ? sum : (sum ?? 0) + cost
}
