/** How long to wait before the next try: a random part of a time that doubles, so that many who failed together do not try together. */
export interface Backoff {
  nextMs(): number
  reset(): void
}

const FIRST_MS = 100
const MOST_MS = 30_000

export function createBackoff(random: () => number = Math.random): Backoff {
  let ceilingMs = FIRST_MS
  return {
    nextMs() {
      const waitMs = random() * ceilingMs
      ceilingMs = Math.min(ceilingMs * 2, MOST_MS)
      return waitMs
    },
    reset() {
      ceilingMs = FIRST_MS
    },
  }
}
