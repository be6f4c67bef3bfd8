import { type Call, settleTrace } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'

const NO_TOKENS = {
  input_tokens: null,
  output_tokens: null,
  total_tokens: null,
  cost_nano_usd: null,
  cost_source: null,
  price_version: null,
} as const

const agent = call({
  span_id: 'aaaaaaaaaaaaaaaa',
  run_id: 'aaaaaaaaaaaaaaaa',
  kind: 'run',
  billable: 0,
  started_at: 1_000,
  ended_at: 9_000,
  duration_ms: 8_000,
  operation: 'answer',
  user_id: 'ada',
  tags: ['beta'],
  metadata: { plan: 'pro' },
  ...NO_TOKENS,
})
const step = call({
  span_id: 'bbbbbbbbbbbbbbbb',
  run_id: 'bbbbbbbbbbbbbbbb',
  parent_span_id: agent.span_id,
  kind: 'step',
  billable: 0,
  started_at: 1_000,
  ended_at: 8_000,
  ...NO_TOKENS,
})
const chat = call({
  span_id: 'cccccccccccccccc',
  run_id: 'cccccccccccccccc',
  parent_span_id: step.span_id,
  started_at: 1_100,
  ended_at: 2_000,
  duration_ms: 900,
  tags: ['chat'],
  metadata: { plan: 'free', turn: 2 },
})
const tool = call({
  span_id: 'dddddddddddddddd',
  run_id: 'dddddddddddddddd',
  parent_span_id: step.span_id,
  kind: 'tool',
  billable: 0,
  tool_name: 'search',
  started_at: 2_001,
  ended_at: 5_000,
  ...NO_TOKENS,
})
const trace = [tool, chat, step, agent] // children end first

function settledById(calls: readonly Call[]): Record<string, Call> {
  return Object.fromEntries(settleTrace(calls).map((settled) => [settled.span_id, settled]))
}

describe('settleTrace', () => {
  test('steps fold into their run', () => {
    expect(settleTrace(trace).map((settled) => settled.kind)).toEqual(['tool', 'model', 'run'])
    expect(settledById(trace)[chat.span_id]).toMatchObject({ parent_span_id: agent.span_id, run_id: agent.span_id })
  })

  test('a tool belongs to the model call that asked for it', () => {
    expect(settledById(trace)[tool.span_id]).toMatchObject({ parent_span_id: chat.span_id, run_id: agent.span_id })
  })

  test('of two steps without spans of their own, the model call before the tool asked for it', () => {
    const first = call({ ...chat, parent_span_id: agent.span_id })
    const second = call({
      ...chat,
      span_id: 'eeeeeeeeeeeeeeee',
      parent_span_id: agent.span_id,
      started_at: 6_000,
      ended_at: 7_000,
    })
    const between = call({ ...tool, parent_span_id: agent.span_id })
    expect(settledById([between, second, first, agent])[tool.span_id]?.parent_span_id).toBe(first.span_id)
  })

  test('what a call does not say itself comes from above', () => {
    expect(settledById(trace)[chat.span_id]).toMatchObject({
      user_id: 'ada',
      operation: 'answer',
      tags: ['beta', 'chat'],
      metadata: { plan: 'free', turn: 2 },
    })
  })

  test('the outer one of two embedding spans repeats the inner one and counts nothing', () => {
    const outer = call({ span_id: 'aaaaaaaaaaaaaaaa', run_id: 'aaaaaaaaaaaaaaaa', kind: 'embedding' })
    const inner = call({
      span_id: 'bbbbbbbbbbbbbbbb',
      run_id: 'bbbbbbbbbbbbbbbb',
      kind: 'embedding',
      parent_span_id: outer.span_id,
    })
    const settled = settledById([inner, outer])
    expect(settled[outer.span_id]).toMatchObject({ kind: 'run', billable: 0, cost_nano_usd: null })
    expect(settled[inner.span_id]).toMatchObject({ kind: 'embedding', billable: 1, cost_nano_usd: 525_000 })
  })

  test('time in tools is not time in the model call that stayed open around them', () => {
    const stream = call({
      span_id: 'aaaaaaaaaaaaaaaa',
      run_id: 'aaaaaaaaaaaaaaaa',
      sdk_version: '5',
      started_at: 1_000,
      ended_at: 2_000,
      duration_ms: 1_000,
    })
    const tools = [
      call({ ...tool, parent_span_id: stream.span_id, started_at: 1_200, ended_at: 1_600 }),
      call({
        ...tool,
        span_id: 'eeeeeeeeeeeeeeee',
        parent_span_id: stream.span_id,
        started_at: 1_500,
        ended_at: 1_700,
      }),
    ]
    expect(settledById([...tools, stream])[stream.span_id]?.duration_ms).toBe(500)
  })

  test('a parent that is not there leaves the call a run of its own until it comes', () => {
    expect(settledById([chat])[chat.span_id]).toMatchObject({ parent_span_id: step.span_id, run_id: chat.span_id })
    expect(settledById([...settleTrace([chat]), step, agent])[chat.span_id]).toMatchObject({ run_id: agent.span_id })
  })

  test('a parent chain that bites its own tail ends', () => {
    const first = call({ span_id: 'aaaaaaaaaaaaaaaa', parent_span_id: 'bbbbbbbbbbbbbbbb', kind: 'run' })
    const second = call({ span_id: 'bbbbbbbbbbbbbbbb', parent_span_id: 'aaaaaaaaaaaaaaaa', kind: 'run' })
    expect(settleTrace([first, second])).toHaveLength(2)
  })

  test('order of arrival does not matter, and settling twice changes nothing', () => {
    const settled = settledById(trace)
    fc.assert(
      fc.property(fc.shuffledSubarray(trace, { minLength: trace.length }), (shuffled) => {
        expect(settledById(shuffled)).toEqual(settled)
        expect(settledById(settleTrace(shuffled))).toEqual(settled)
      }),
    )
  })
})
