import { DAY_MS } from '@spanledger/core/time'
import { demoRun } from './demo-runs.ts'
import { type DemoSpan, toTraceRequest } from './demo-span.ts'
import { createRandom } from './random.ts'

export interface FillOptions {
  readonly days: number
  /** Epoch milliseconds; the demo ends here. */
  readonly now: number
  /** Takes the body of a trace request; rejects if it is not taken. */
  readonly send: (request: string) => Promise<void>
  /** Ends the work after the request that is under way. */
  readonly signal: AbortSignal
}

const SPANS_PER_REQUEST = 250

/** Sends the spans of these days, the newest day first, so that a page that is open shows something at once. Tells each day. */
export async function* fillDemo({ days, now, send, signal }: FillOptions): AsyncGenerator<{ readonly spans: number }> {
  for (let day = 0; day < days && !signal.aborted; day += 1) {
    const spans = spansOfDay(now, day)
    for (let start = 0; start < spans.length && !signal.aborted; start += SPANS_PER_REQUEST) {
      await send(toTraceRequest(spans.slice(start, start + SPANS_PER_REQUEST)))
    }
    yield { spans: spans.length }
  }
}

/** The spans of the 24 hours that end so many days ago. Weekends are quiet, and business grows. */
export function spansOfDay(now: number, daysAgo: number): DemoSpan[] {
  const end = now - daysAgo * DAY_MS
  const random = createRandom(daysAgo + 1)
  const isWeekend = [0, 6].includes(new Date(end).getUTCDay())
  const runs = Math.round((isWeekend ? 45 : 110) * (1 - daysAgo / 75) * (0.85 + random.next() * 0.3))
  return Array.from({ length: runs }, () => {
    // Twice a chance makes the middle of the day the busiest part of it.
    const ageMs = ((random.next() + random.next()) / 2) * (DAY_MS - 60_000)
    return demoRun(random, end - ageMs - 45_000)
  }).flat()
}
