import { expect, test } from 'vitest'
import type { UsageSinkStats } from '@spanledger/core'
import { countOf } from './accounting.ts'
import { IS_FULL, LIMIT, sayFigure, sized } from './form.ts'
import { drain, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const CALLS = sized(100_000, 1_000_000)
const MEGABYTE = 1024 * 1024
// The table of open calls holds 10,000, which this many calls fill.
const TABLE_IS_FULL = 100_000
const MOST_SLOPE = 2

interface Point {
  readonly calls: number
  readonly heapUsed: number
  readonly rss: number
  readonly handles: number
}

test('R15 calls that never end are counted and forgotten', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const app = startApp(
    ledger.folder,
    { database: ledger.url, count: CALLS },
    { app: 'soak.ts', flags: ['--expose-gc'] },
  )
  await app.ended
  const lines = app
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  const { stats, handles } = lines.at(-1) as { readonly stats: UsageSinkStats; readonly handles: number }
  const points = lines.slice(0, -1) as readonly Point[]
  const slope = slopeOf(points.filter(({ calls }) => calls >= Math.min(TABLE_IS_FULL, CALLS / 5))) / MEGABYTE
  await drain(ledger)
  const rows = await ledger.rows('select status, count(*) as calls from calls group by status order by status')
  sayFigure('R15 leak soak', {
    '': `${CALLS.toLocaleString('en-US')} calls, a tenth without an end`,
    'heap slope': `${slope.toFixed(2)} MB per 100,000`,
    RSS: `${Math.round((points.at(-1)?.rss ?? 0) / MEGABYTE)} MB`,
    'handles left': handles,
    rows: JSON.stringify(Object.fromEntries(rows.map(({ status, calls }) => [status, calls]))),
  })
  expect(stats.generated).toBe(CALLS)
  expect(stats.stored + stats.deduplicated + countOf(stats.rejected) + countOf(stats.dropped) + stats.journaled).toBe(
    CALLS,
  )
  expect(rows).toEqual([
    { status: 'abandoned', calls: CALLS / 10 },
    { status: 'ok', calls: CALLS - CALLS / 10 },
  ])
  // In the short form the table of open calls is what grows.
  expect(IS_FULL ? slope : 0).toBeLessThanOrEqual(MOST_SLOPE)
})

/** Bytes per 100,000 calls, by least squares. */
function slopeOf(points: readonly Point[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const calls = mean(points.map((point) => point.calls))
  const heap = mean(points.map((point) => point.heapUsed))
  const covariance = points.reduce((sum, point) => sum + (point.calls - calls) * (point.heapUsed - heap), 0)
  const variance = points.reduce((sum, point) => sum + (point.calls - calls) ** 2, 0)
  return (covariance / variance) * 100_000
}
