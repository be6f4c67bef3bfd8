import { DAY_MS } from '@spanledger/core/time'
import { demoRun } from './demo-runs.ts'
import { type DemoSpan, toTraceRequest } from './demo-span.ts'
import { createRandom } from './random.ts'

export interface FillOptions {
  readonly days: number
  /** Epoch milliseconds; the demo ends here. */
  readonly now: number
  /** Sends the body of a trace request; rejects if the server refuses it. */
  readonly send: (request: string) => Promise<void>
  /** Stops after the current request. */
  readonly signal: AbortSignal
}

const SPANS_PER_REQUEST = 250
// One bad day, within the range that the page shows first.
const BROKEN_TOOL = 'search_products'
const BROKEN_DAYS_AGO = 4

/** Sends the spans of these days, newest first, so that an open page shows data at once. Yields after each day. */
export async function* fillDemo({ days, now, send, signal }: FillOptions): AsyncGenerator<{ readonly spans: number }> {
  for (let day = 0; day < days && !signal.aborted; day += 1) {
    const spans = spansOfDay(now, day)
    for (let start = 0; start < spans.length && !signal.aborted; start += SPANS_PER_REQUEST) {
      await send(toTraceRequest(spans.slice(start, start + SPANS_PER_REQUEST)))
    }
    yield { spans: spans.length }
  }
}

/** The spans of the 24 hours that end `daysAgo` days ago. Weekends are quiet, and traffic grows. */
export function spansOfDay(now: number, daysAgo: number): DemoSpan[] {
  const end = now - daysAgo * DAY_MS
  const random = createRandom(daysAgo + 1)
  const isWeekend = [0, 6].includes(new Date(end).getUTCDay())
  const runs = Math.round((isWeekend ? 45 : 110) * (1 - daysAgo / 120) * (0.85 + random.next() * 0.3))
  const brokenTool = daysAgo === BROKEN_DAYS_AGO ? BROKEN_TOOL : undefined
  return Array.from({ length: runs }, () => {
    // The sum of two random numbers makes the middle of the day the busiest.
    const ageMs = ((random.next() + random.next()) / 2) * (DAY_MS - 60_000)
    return demoRun(random, end - ageMs - 45_000, brokenTool)
  }).flat()
}
