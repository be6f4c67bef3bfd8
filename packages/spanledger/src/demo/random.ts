/** Pseudo-random numbers, the same for the same seed. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  next(): number
  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number
  pick<const Items extends readonly [unknown, ...unknown[]]>(items: Items): Items[number]
  /** Lower-case hex characters. */
  hex(length: number): string
}

/** Creates a Mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    hex: (length) => Array.from({ length }, () => between(0, 15).toString(16)).join(''),
  }
}
