/** Counts by reason. */
export interface ReasonCounts {
  /** Counts of zero and below are ignored. */
  add(reason: string, count?: number): void
  sum(): number
  toObject(): Readonly<Record<string, number>>
}

/** Makes empty counts. */
export function createReasonCounts(): ReasonCounts {
  const counts = new Map<string, number>()
  return {
    add(reason, count = 1) {
      if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count)
    },
    sum: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    toObject: () => Object.fromEntries(counts),
  }
}
