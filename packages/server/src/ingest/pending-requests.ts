import type { IngestMessage } from './worker-protocol.ts'

/** Requests that a thread has not answered yet. */
export interface PendingRequests {
  /** Sends a request with an id of its own, and resolves or rejects with its answer. */
  add(send: (id: number) => void): Promise<unknown>
  /** Takes an answer; any message shows that the thread is alive. */
  heard(message: IngestMessage): void
  /** How long the thread has been silent while it had something to answer. */
  silentMs(): number
  /** Rejects all of them. */
  fail(why: Error): void
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Makes an empty list. */
export function createPendingRequests(): PendingRequests {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let heardAt = Date.now()
  return {
    add: (send) =>
      new Promise((resolve, reject) => {
        if (pending.size === 0) heardAt = Date.now()
        lastId += 1
        pending.set(lastId, { resolve, reject })
        send(lastId)
      }),
    heard(message) {
      heardAt = Date.now()
      if (!('id' in message)) return
      const request = pending.get(message.id)
      pending.delete(message.id)
      if (message.say === 'answer') request?.resolve(message.value)
      else request?.reject(new Error(message.message))
    },
    silentMs: () => (pending.size === 0 ? 0 : Date.now() - heardAt),
    fail(why) {
      for (const { reject } of pending.values()) reject(why)
      pending.clear()
    },
  }
}
