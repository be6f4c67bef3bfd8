/** Bytes that all requests share while they are in flight. */
export interface ByteBudget {
  /** False, and nothing is taken, if there are not so many left. Whoever asks first may always take some. */
  take(bytes: number): boolean
  give(bytes: number): void
  used(): number
}

export function createByteBudget(total: number): ByteBudget {
  let used = 0
  return {
    take(bytes) {
      if (used > 0 && used + bytes > total) return false
      used += bytes
      return true
    },
    give(bytes) {
      used -= bytes
    },
    used: () => used,
  }
}
