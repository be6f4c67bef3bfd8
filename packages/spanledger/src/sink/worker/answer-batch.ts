import { errorMessageOf } from '@spanledger/core'
import type { JournalTarget } from '@spanledger/journal'
import type { BatchAnswer, LineBatch } from './worker-protocol.ts'

/** Delivers a batch from memory once, and returns what happened to it; never rejects. */
export async function answerBatch(target: JournalTarget, { id, lines }: LineBatch): Promise<BatchAnswer> {
  try {
    const { stored, deduplicated, rejected } = await target.deliver({ lines })
    return { id, stored, deduplicated, rejected: rejected.map(({ reason, message }) => ({ reason, message })) }
  } catch (error) {
    const failure = errorMessageOf(error)
    return { id, stored: 0, deduplicated: 0, rejected: [], failure, answered: 0 }
  }
}
