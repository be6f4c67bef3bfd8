import type { Call } from '@spanledger/core'
import { call } from '../../builders.ts'

const STARTED_AT = Date.UTC(2026, 10, 1)

/** One call as each of the processes that know of it sees it: its end, or no more than that it has begun. */
export function versionOf(index: number, isEnded: boolean): Call {
  const id = (index + 1).toString(16)
  const known = {
    trace_id: `a${id.padStart(31, '0')}`,
    span_id: `b${id.padStart(15, '0')}`,
    run_id: `b${id.padStart(15, '0')}`,
    started_at: STARTED_AT + index,
  }
  if (isEnded) {
    return call({
      ...known,
      ended_at: STARTED_AT + index + 1_000,
      input_tokens: index + 1,
      output_tokens: 1,
      total_tokens: index + 2,
      cost_nano_usd: index * 7_919 + 1,
    })
  }
  return call({
    ...known,
    status: 'abandoned',
    ended_at: null,
    duration_ms: null,
    finish_reason: null,
    input_tokens: null,
    output_tokens: null,
    total_tokens: null,
    cost_nano_usd: null,
    cost_source: null,
    price_version: null,
    usage_source: 'none',
  })
}

/** Numbers that look random, the same for the same seed. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_769 + 1
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
