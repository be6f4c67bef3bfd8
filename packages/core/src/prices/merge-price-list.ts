import type { ListedPrice } from './price-list.ts'

type Prices = Readonly<Record<string, readonly ListedPrice[]>>

/** The result of merging a newer list into an older one. */
export interface MergedPrices {
  readonly prices: Prices
  /** What the newer list added, one entry per line. */
  readonly changes: readonly string[]
  /** Models missing from the newer list. */
  readonly gone: readonly string[]
}

/**
 * Adds newer prices to a list without removing any: a changed rate applies from `today`, so the cost of earlier calls
 * stays the same. Models missing from the newer list keep their last price.
 */
export function mergePrices(older: Prices, newer: Prices, today: string): MergedPrices {
  const changes: string[] = []
  const gone: string[] = []
  const providers = [...new Set([...Object.keys(older), ...Object.keys(newer)])].sort()
  const prices = providers.map((provider) => {
    const merged = mergeProvider(older[provider] ?? [], newer[provider] ?? [], { provider, today, changes, gone })
    return [provider, merged] as const
  })
  return { prices: Object.fromEntries(prices), changes, gone }
}

interface MergeContext {
  readonly provider: string
  readonly today: string
  readonly changes: string[]
  readonly gone: string[]
}

function mergeProvider(
  older: readonly ListedPrice[],
  newer: readonly ListedPrice[],
  context: MergeContext,
): ListedPrice[] {
  const before = byModel(older)
  const after = byModel(newer)
  const claimed = new Set(
    newer.flatMap((price) => [price.model.toLowerCase(), ...(price.also ?? []), ...(price.dated ?? [])]),
  )
  const result: ListedPrice[] = []
  for (const model of new Set([...after.keys(), ...before.keys()])) {
    const was = before.get(model) ?? []
    const is = after.get(model) ?? []
    const label = `${context.provider}/${model}`
    if (was.length === 0) context.changes.push(`+ ${label} ${textOf(is)}`)
    if (is.length === 0) context.gone.push(label)
    const history = was.length === 0 ? is : is.length === 0 ? was : mergeHistory(was, is, { ...context, label })
    result.push(...withIds(history, { was: was[0], is: is[0], claimed }))
  }
  return result
}

// Prices that start on the same day belong together: one for the day, others for some of its hours.
function mergeHistory(
  was: readonly ListedPrice[],
  is: readonly ListedPrice[],
  context: MergeContext & { readonly label: string },
): ListedPrice[] {
  const { today, label, changes } = context
  const past = (prices: readonly ListedPrice[]) => prices.filter((price) => (price.from ?? '') <= today)
  const future = (prices: readonly ListedPrice[]) => prices.filter((price) => (price.from ?? '') > today)
  const current = begins(past(was)).at(-1) ?? ''
  const begun = past(is).filter((price) => (price.from ?? '') > current)
  const added = begun.length > 0 ? begun : changedSince(groupOf(was, current), { is: past(is), today })
  if (added.length > 0)
    changes.push(`~ ${label}: ${textOf(groupOf(was, current))} -> ${textOf(added)} from ${begins(added).join(', ')}`)
  if (textOf(future(is)) !== textOf(future(was))) changes.push(`~ ${label} to come: ${textOf(future(is))}`)
  // A second change on the same day replaces the first.
  const replaced = new Set(added.map((price) => price.from))
  return [...past(was).filter((price) => !replaced.has(price.from)), ...added, ...future(is)]
}

// Prices without a date in the newer list apply from today.
function changedSince(
  was: readonly ListedPrice[],
  { is, today }: { readonly is: readonly ListedPrice[]; readonly today: string },
): ListedPrice[] {
  const now = groupOf(is, begins(is).at(-1) ?? '')
  return textOf(now) === textOf(was) ? [] : now.map((price) => ({ ...price, from: today }))
}

interface Owners {
  readonly was: ListedPrice | undefined
  readonly is: ListedPrice | undefined
  /** Ids that the newer list assigns to any model. */
  readonly claimed: ReadonlySet<string>
}

// Ids stay with their model unless the newer list assigns them to another. They are kept on the first price.
function withIds(history: readonly ListedPrice[], { was, is, claimed }: Owners): ListedPrice[] {
  const join = (mine: readonly string[] = [], theirs: readonly string[] = []): readonly string[] => [
    ...new Set([...theirs, ...mine.filter((id) => !claimed.has(id))]),
  ]
  const also = join(was?.also, is?.also)
  const dated = join(was?.dated, is?.dated)
  return history.map(({ model, also: _also, dated: _dated, ...price }, index) => ({
    model,
    ...(index === 0 && also.length > 0 ? { also } : {}),
    ...(index === 0 && dated.length > 0 ? { dated } : {}),
    ...price,
  }))
}

function byModel(prices: readonly ListedPrice[]): Map<string, ListedPrice[]> {
  const models = new Map<string, ListedPrice[]>()
  for (const price of prices) models.set(price.model, [...(models.get(price.model) ?? []), price])
  return models
}

function begins(prices: readonly ListedPrice[]): string[] {
  return [...new Set(prices.map((price) => price.from ?? ''))].sort()
}

function groupOf(prices: readonly ListedPrice[], from: string): readonly ListedPrice[] {
  return prices.filter((price) => (price.from ?? '') === from)
}

const NOT_RATES = new Set(['model', 'also', 'dated', 'from'])

function textOf(prices: readonly ListedPrice[]): string {
  const keepRates = (key: string, value: unknown): unknown => (NOT_RATES.has(key) ? undefined : value)
  return prices.map((price) => JSON.stringify(price, keepRates)).join(' ')
}
