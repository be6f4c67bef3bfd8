/** Decides when waiting lines are sent: shortly after a call, and less and less often while the database fails. */
export interface SendTimer {
  /** True from a failure until the next success. */
  isFailing(): boolean
  failed(): void
  succeeded(): void
  /** Sends in some milliseconds, with what is written until then. Like the two below, it leaves an earlier time as it is. */
  sendSoon(): void
  sendNow(): void
  /** Sends again after a pause; with `longer`, the pause after this one is twice as long. */
  retry(longer?: 'longer'): void
  /** Forgets the time that was set. */
  cancel(): void
  /** No time is set from here on. */
  close(): void
}

const SEND_AFTER_MS = 25
const RETRY_MS = { first: 250, most: 10_000 }

/** Makes a timer that calls `send`, and does not keep the process alive. */
export function createSendTimer(send: () => void): SendTimer {
  let timer: NodeJS.Timeout | undefined
  let retryMs = RETRY_MS.first
  let isFailing = false
  let isClosed = false
  const sendIn = (afterMs: number) => {
    if (timer !== undefined || isClosed) return
    timer = setTimeout(send, afterMs)
    timer.unref()
  }
  const cancel = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    isFailing: () => isFailing,
    failed() {
      isFailing = true
    },
    succeeded() {
      isFailing = false
      retryMs = RETRY_MS.first
    },
    sendSoon: () => sendIn(SEND_AFTER_MS),
    sendNow: () => sendIn(0),
    retry(longer) {
      sendIn(retryMs)
      if (longer !== undefined) retryMs = Math.min(retryMs * 2, RETRY_MS.most)
    },
    cancel,
    close() {
      isClosed = true
      cancel()
    },
  }
}
