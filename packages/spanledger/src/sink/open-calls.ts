import { type Call, callId } from '@spanledger/core'

/** The calls of this process that have started and not ended. */
export interface OpenCalls {
  started(call: Call): void
  ended(call: Call): void
  /** Without content, oldest first. */
  list(): readonly Call[]
}

// The processor abandons the oldest beyond this number, so more can only be calls whose end was lost.
const MAX_OPEN = 10_000

/** Makes an empty list. It keeps copies, because the caller may reuse its calls. */
export function createOpenCalls(): OpenCalls {
  const open = new Map<string, Call>()
  return {
    started(call) {
      const oldest = open.size >= MAX_OPEN ? open.keys().next().value : undefined
      if (oldest !== undefined) open.delete(oldest)
      open.set(callId(call), { ...call, content: null })
    },
    ended(call) {
      if (open.size > 0) open.delete(callId(call))
    },
    list: () => [...open.values()],
  }
}
