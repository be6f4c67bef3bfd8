import { type Call, type UsageSink } from '@spanledger/core'
import { UsageSpanProcessor } from '@spanledger/otel'
import { afterEach, expect, test, vi } from 'vitest'
import { span } from '../builders.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a sink that throws again and again is left alone for 30 seconds, and used again when it works', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const written: Call[] = []
  let asked = 0
  let isBroken = true
  const sink: UsageSink = {
    write(call) {
      asked += 1
      if (isBroken) throw new Error('broken')
      written.push(call)
    },
    flush: async () => {},
    close: async () => {},
    stats: () => ({ generated: 0, stored: 0, deduplicated: 0, rejected: {}, dropped: {}, journaled: 0 }),
  }
  const processor = new UsageSpanProcessor(sink)
  const end = (times: number) => {
    for (let time = 0; time < times; time += 1) processor.onEnd(span({ 'gen_ai.operation.name': 'chat' }))
  }
  end(500)
  expect(asked).toBe(100)
  vi.advanceTimersByTime(30_000)
  end(5)
  // One to see whether it works by now.
  expect(asked).toBe(101)
  isBroken = false
  vi.advanceTimersByTime(30_000)
  end(5)
  expect(written).toHaveLength(5)
})
