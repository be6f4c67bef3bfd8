import { type Call, type UsageSink } from '@spanledger/core'
import { UsageSpanProcessor } from '@spanledger/otel'
import { afterEach, expect, test, vi } from 'vitest'
import { span } from '../builders.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A processor over a sink that throws until it is mended; the clock is the test's. */
function brokenPipeline() {
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
  return {
    written,
    asked: () => asked,
    mend: () => (isBroken = false),
    end(times: number, everyMs = 0) {
      for (let time = 0; time < times; time += 1) {
        processor.onEnd(span({ 'gen_ai.operation.name': 'chat' }))
        vi.advanceTimersByTime(everyMs)
      }
    },
  }
}

test('a sink that throws again and again is left alone for 30 seconds, and used again when it works', () => {
  const { written, asked, mend, end } = brokenPipeline()
  end(500)
  expect(asked()).toBe(100)
  vi.advanceTimersByTime(30_000)
  end(5)
  // One to see whether it works by now.
  expect(asked()).toBe(101)
  mend()
  vi.advanceTimersByTime(30_000)
  end(5)
  expect(written).toHaveLength(5)
})

test.each([
  { startMs: 0, everyMs: 1, asked: 100 },
  // Across the tenth second of the process.
  { startMs: 9_950, everyMs: 1, asked: 100 },
  { startMs: 59_950, everyMs: 100, asked: 100 },
  { startMs: 0, everyMs: 102, asked: 200 },
])('of 200 faults from $startMs ms, one each $everyMs ms, $asked reach the sink', ({ startMs, everyMs, asked }) => {
  const pipeline = brokenPipeline()
  vi.advanceTimersByTime(startMs)
  pipeline.end(200, everyMs)
  expect(pipeline.asked()).toBe(asked)
})

test('faults older than 10 seconds no longer count, and younger ones do', () => {
  const { asked, end } = brokenPipeline()
  end(60)
  vi.advanceTimersByTime(9_000)
  end(30)
  vi.advanceTimersByTime(3_000)
  end(100)
  expect(asked()).toBe(160)
})
