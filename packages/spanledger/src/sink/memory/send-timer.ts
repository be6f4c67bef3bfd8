import { clearTimeout, setTimeout } from 'node:timers'
import { createBackoff } from '@spanledger/journal/time'

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
// A wait may be used several times, so it is never a random part of the limit, which can be near 0.
const RETRY = { firstMs: 250, mostMs: 10_000, random: () => 1 }

/** Makes a timer that calls `send`. It does not keep the process alive. */
export function createSendTimer(send: () => void): SendTimer {
  let timer: NodeJS.Timeout | undefined
  const backoff = createBackoff(RETRY)
  let retryMs = backoff.nextMs()
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
      backoff.reset()
      retryMs = backoff.nextMs()
    },
    sendSoon: () => sendIn(SEND_AFTER_MS),
    sendNow: () => sendIn(0),
    retry(longer) {
      sendIn(retryMs)
      if (longer !== undefined) retryMs = backoff.nextMs()
    },
    cancel,
    close() {
      isClosed = true
      cancel()
    },
  }
}
