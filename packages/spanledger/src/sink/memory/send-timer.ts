import { clearTimeout, setTimeout } from 'node:timers'

/** Decides when waiting lines are sent: shortly after a call, and at growing intervals while the database fails. */
export interface SendTimer {
  /** True from a failure until the next success. */
  isFailing(): boolean
  failed(): void
  succeeded(): void
  /** Sends after some milliseconds, so that more lines fit in the batch. Like the two below, it keeps an earlier time. */
  sendSoon(): void
  sendNow(): void
  /** Sends again after a pause. With `longer`, the next pause is twice as long. */
  retry(longer?: 'longer'): void
  /** Clears the time that was set. */
  cancel(): void
  /** From now on no time is set. */
  close(): void
}

const SEND_AFTER_MS = 25
const RETRY_MS = { first: 250, most: 10_000 }

/** Makes a timer that calls `send`. It does not keep the process alive. */
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
