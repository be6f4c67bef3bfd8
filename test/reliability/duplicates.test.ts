import { beforeAll, expect, test } from 'vitest'
import { countOf } from './accounting.ts'
import { versionOf } from './apps/versions.ts'
import { LIMIT, sayFigure, sized } from './form.ts'
import { drain, journaledCalls, sqliteLedger } from './ledgers.ts'
import { type BrutalPostgres, createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder, startApp } from './start-app.ts'

const CALLS = sized(1_000, 10_000)
const PROCESSES = 4

let postgres: BrutalPostgres

beforeAll(async () => {
  postgres = await createBrutalPostgres()
  await postgres.start()
})

test.each([
  ['sqlite', () => sqliteLedger(newFolder())],
  ['postgres', () => postgres.ledger(newFolder())],
])(
  'R7 calls that several processes deliver several times in any order are rows once, to the nano-dollar (%s)',
  LIMIT,
  async (name, open) => {
    const ledger = open()
    const apps = Array.from({ length: PROCESSES }, (_, seed) =>
      startApp(ledger.folder, { database: ledger.url, count: CALLS, pauseMs: seed }, { app: 'deliver.ts' }),
    )
    await Promise.all(apps.map((app) => app.ended))
    const reports = apps.map((app) => app.report())
    await drain(ledger)
    const expected = Array.from({ length: CALLS }, (_, index) => versionOf(index, true))
    const rows = await ledger.rows(
      `select span_id, status, input_tokens, cost_nano_usd, ended_at from calls order by span_id`,
    )
    const written = reports.reduce((sum, { generated }) => sum + generated, 0)
    sayFigure(`R7 duplicates, ${name}`, {
      '': `${CALLS} calls`,
      written,
      rows: rows.length,
      stored: reports.reduce((sum, { stored }) => sum + stored, 0),
      deduplicated: reports.reduce((sum, { deduplicated }) => sum + deduplicated, 0),
      'left to the drain': reports.reduce((sum, { journaled }) => sum + journaled, 0),
    })
    expect(
      rows.map((row) => ({
        ...row,
        input_tokens: Number(row['input_tokens']),
        cost_nano_usd: Number(row['cost_nano_usd']),
        ended_at: Number(row['ended_at']),
      })),
    ).toEqual(
      expected
        .map(({ span_id, status, input_tokens, cost_nano_usd, ended_at }) => ({
          span_id,
          status,
          input_tokens,
          cost_nano_usd,
          ended_at,
        }))
        .sort((a, b) => (a.span_id < b.span_id ? -1 : 1)),
    )
    const [kept] = await ledger.rows('select sum(cost_nano_usd_sum) as cost, sum(calls) as calls from rollup_quarters')
    expect({ cost: Number(kept?.['cost']), calls: Number(kept?.['calls']) }).toEqual({
      cost: expected.reduce((sum, { cost_nano_usd }) => sum + (cost_nano_usd ?? 0), 0),
      calls: CALLS,
    })
    for (const report of reports) expect(countOf(report.dropped) + countOf(report.rejected)).toBe(0)
    // What nobody had to leave to the drain was new to exactly one of them.
    const left = reports.reduce((sum, { journaled }) => sum + journaled, 0)
    const stored = reports.reduce((sum, report) => sum + report.stored, 0)
    expect(stored).toBeLessThanOrEqual(CALLS)
    expect(left === 0 ? stored : CALLS).toBe(CALLS)
    expect(journaledCalls(ledger)).toBe(0)
  },
)
