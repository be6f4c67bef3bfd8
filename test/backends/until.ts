const LIMIT_MS = 90_000
const PAUSE_MS = 100

/** Waits until something is true; what throws is not true yet. Rejects with what was there last. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  let reason: unknown
  while (Date.now() < deadline) {
    try {
      if (await isTrue()) return
      reason = undefined
    } catch (error) {
      reason = error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error(`${what}: not within ${LIMIT_MS / 1000} s`, { cause: reason })
}
