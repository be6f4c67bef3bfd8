import type { Call } from '@spanledger/core'
import type { RejectedCall, Store } from '@spanledger/store'
import type { BatchWriter } from './batch-writer.ts'
import type { KnownSteps, StepLinks } from './step-links.ts'

/**
 * Stores calls in rounds. The first one writes them; each later one writes a call of each trace once more when a server
 * that took another part of the trace has added steps to it.
 */
export interface SettlingRounds {
  /** The first round. Resolves when the calls are durable, and the steps that came with them; rejects if they are not. */
  write(calls: readonly Call[], steps: readonly Call[]): Promise<FirstRound>
  /** The later rounds. */
  settleAgain(first: FirstRound, steps: readonly Call[]): Promise<void>
}

/** What the first round has written. */
export interface FirstRound {
  readonly calls: readonly Call[]
  /** The steps that were known before it. */
  readonly known: KnownSteps
  /** Calls that the database cannot hold. */
  readonly rejected: readonly RejectedCall[]
}

export interface SettlingRoundsOptions {
  readonly store: Pick<Store, 'calls'>
  readonly links: StepLinks
  readonly writer: BatchWriter
  /** Takes the calls that are written once more. */
  readonly repeated: WeakSet<Call>
}

// Enough for several servers that take parts of one trace at the same time. A trace with more steps than memory holds
// would go on for ever.
const MOST_ROUNDS = 4

// A step rarely comes without a call of its trace. More of them in one request wait for the next call of their traces.
const MOST_LONE_STEPS = 100

/** Makes rounds that write with `writer`. */
export function createSettlingRounds({ store, links, writer, repeated }: SettlingRoundsOptions): SettlingRounds {
  // The rows of a trace are settled when one of them is written, so a step without a call of its trace needs one.
  async function callsOfLoneSteps(steps: readonly Call[], calls: readonly Call[]): Promise<readonly Call[]> {
    const fresh = new Set(calls.map((call) => call.trace_id))
    const traceIds = new Set(steps.map((step) => step.trace_id).filter((traceId) => !fresh.has(traceId)))
    const found: Call[] = []
    for (const trace of [...traceIds].slice(0, MOST_LONE_STEPS)) {
      const [call] = (await store.calls({ trace }, { limit: 1 })).calls
      if (call !== undefined) found.push(call)
    }
    for (const call of found) repeated.add(call)
    return found
  }

  return {
    async write(received, steps) {
      const newLinks = await links.add(steps, received)
      const calls = steps.length === 0 ? received : [...received, ...(await callsOfLoneSteps(steps, received))]
      const known = links.known(calls)
      const rejected = calls.length === 0 ? [] : await writer.write(calls, newLinks)
      return { calls, known, rejected }
    },
    async settleAgain(first, steps) {
      let again = await links.overtaken(first.calls, steps, first.known)
      for (let round = 0; round < MOST_ROUNDS && again.length > 0; round += 1) {
        for (const call of again) repeated.add(call)
        const known = links.known(again)
        await writer.write(again)
        again = await links.overtaken(again, steps, known)
      }
    },
  }
}
