import type { BatchAnswer, LineBatch } from '../worker/worker-protocol.ts'

/** Call lines in memory, oldest first: waiting lines, and sent batches without an answer. */
export interface QueuedLines {
  add(line: string): void
  /** How many lines wait to be sent. */
  waiting(): number
  /** True while a sent batch has no answer. */
  isSending(): boolean
  /** How many lines there are, waiting or sent. */
  count(): number
  /** All of them, waiting or sent. */
  all(): readonly string[]
  /** Takes up to `LINES_A_BATCH` waiting lines. They count as sent until they are answered or taken back. */
  nextBatch(): LineBatch
  /** Id of the last batch. */
  lastId(): number
  /** Removes an answered batch; lines that were not stored wait again, first in line. False if the batch was taken back. */
  answered(answer: BatchAnswer): boolean
  /** Sent batches will not be answered: their lines wait again, first in line. */
  takeBack(): void
  /** Offers the oldest `most` waiting lines. Refused lines keep their place. Returns how many were refused. */
  offer(take: (line: string) => boolean, most: number): number
  clear(): void
}

/** The most lines in one batch. */
export const LINES_A_BATCH = 512

/** Makes an empty queue. */
export function createQueuedLines(): QueuedLines {
  const sent = new Map<number, readonly string[]>()
  let waiting: string[] = []
  let lastId = 0
  return {
    add: (line) => void waiting.push(line),
    waiting: () => waiting.length,
    isSending: () => sent.size > 0,
    count: () => [...sent.values()].reduce((sum, lines) => sum + lines.length, waiting.length),
    all: () => [...[...sent.values()].flat(), ...waiting],
    nextBatch() {
      const lines = waiting.slice(0, LINES_A_BATCH)
      waiting = waiting.slice(LINES_A_BATCH)
      lastId += 1
      sent.set(lastId, lines)
      return { id: lastId, lines }
    },
    lastId: () => lastId,
    answered({ id, failure, answered }) {
      const lines = sent.get(id)
      if (lines === undefined) return false
      sent.delete(id)
      if (failure !== undefined) waiting = [...lines.slice(answered), ...waiting]
      return true
    },
    takeBack() {
      waiting = [...[...sent.values()].flat(), ...waiting]
      sent.clear()
    },
    offer(take, most) {
      const refused = waiting.slice(0, most).filter((line) => !take(line))
      waiting = [...refused, ...waiting.slice(most)]
      return refused.length
    },
    clear() {
      waiting = []
      sent.clear()
    },
  }
}
