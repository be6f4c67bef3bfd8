/** Limits the bytes of all requests in progress. */
export interface ByteBudget {
  /** Takes bytes, or returns false if too few are left. A first request is always allowed. */
  take(bytes: number): boolean
  release(bytes: number): void
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
    release(bytes) {
      used -= bytes
    },
    used: () => used,
  }
}
