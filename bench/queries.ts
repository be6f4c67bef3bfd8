// Measures the dashboard's queries over many calls in SQLite, and the size of a call on disk. The database generates the
// calls itself, evenly over the days; `rebuildRollups` builds the rollups, and `rollupCheck` verifies them. With `postgres`,
// the same calls are also written to a server on the same cores and queried there.
//
//   node --conditions=@spanledger/source bench/queries.ts [calls] [days] [rounds] [file to keep for the next run, or -] [postgres]
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type CallFilter, openStore, type Store, type StoredCall } from '@spanledger/store'
import { startPostgres } from '../test/store/postgres.ts'

const CALLS = Number(process.argv[2] ?? 1_000_000)
const DAYS = Number(process.argv[3] ?? 180)
const ROUNDS = Number(process.argv[4] ?? 15)
const KEPT = process.argv[5] === '-' ? undefined : process.argv[5]
const IN_POSTGRES = process.argv[6] === 'postgres'
const DAY = 86_400_000
const END = Date.parse('2026-07-01T00:00Z')
const START = END - DAYS * DAY
const CHUNK = 50_000
const LIST = 2048

// Each agent run has four calls: the run, two model calls and a tool.
const INSERT = `
WITH RECURSIVE counted (i, last) AS (
  SELECT CAST(?1 AS INTEGER), CAST(?1 + ?2 AS INTEGER) UNION ALL SELECT i + 1, last FROM counted WHERE i + 1 < last
), made AS (
  SELECT i, i / 4 AS run, (i / 4 * 2654435761) % 4294967296 AS chance, (i * 40503) % 65536 AS chance_of_call,
    CASE i % 4 WHEN 1 THEN 'tool' WHEN 3 THEN 'run' ELSE 'model' END AS kind, CAST(?3 + i * ?4 AS INTEGER) AS started_at
  FROM counted
), named AS (
  SELECT *, kind = 'model' AS is_model, CASE WHEN chance_of_call % 50 = 0 THEN 'error' ELSE 'ok' END AS status,
    100 + chance_of_call * chance_of_call % 20011 AS duration_ms, (chance >> 8) % 12 AS model_number
  FROM made
)
INSERT INTO calls (
  trace_id, span_id, parent_span_id, run_id, kind, billable, operation, call_type, name, sdk, sdk_version,
  converter_version, service_name, environment, project_id, user_id, session_id, tags, metadata, provider, raw_provider,
  model, request_model, response_id, finish_reason, streaming, request, input_tokens, output_tokens, total_tokens,
  cache_read_tokens, reasoning_tokens, usage_details, usage_source, cost_nano_usd, cost_source, price_version,
  started_at, ended_at, duration_ms, time_to_first_token_ms, tool_name, status, error_type, error_message, created_at
)
SELECT
  lower(printf('%08x%08x%016x', chance, chance % 999983, run + 1)), lower(printf('%08x%08x', (i * 2246822519) % 4294967296, i + 1)),
  CASE WHEN kind <> 'run' THEN lower(printf('%08x%08x', ((run * 4 + 3) * 2246822519) % 4294967296, run * 4 + 4)) END,
  lower(printf('%08x%08x', ((run * 4 + 3) * 2246822519) % 4294967296, run * 4 + 4)),
  kind, is_model, 'operation-' || (chance % 20), CASE WHEN is_model THEN 'CHAT' ELSE 'INVOKE_AGENT' END, 'chat gpt-5', 'ai', '7.0.173',
  '1', iif(chance % 3 = 0, 'worker', 'web'), 'production', 'project-' || ((chance >> 4) % 50), 'user-' || ((run / 3 * 40503) % 5000),
  'session-' || (run / 3), CASE chance % 4 WHEN 0 THEN '["beta","eu"]' WHEN 1 THEN '["eu"]' END, '{"plan":"pro"}',
  iif(is_model, 'provider-' || (model_number % 4), NULL), iif(is_model, 'openai.responses', NULL),
  iif(is_model, 'model-' || model_number, NULL), iif(is_model, 'model-' || model_number, NULL),
  iif(is_model, printf('resp_%032d', i), NULL), iif(is_model, 'stop', NULL), iif(is_model, 1, NULL), iif(is_model, '{"temperature":1,"maxTokens":2000}', NULL),
  iif(is_model, 500 + chance_of_call, NULL), iif(is_model, 20 + chance_of_call % 900, NULL), iif(is_model, 520 + chance_of_call + chance_of_call % 900, NULL),
  iif(is_model, chance_of_call / 2, NULL), iif(is_model, 0, NULL), iif(is_model, '{"raw":{"input_tokens":1200,"output_tokens":300}}', NULL), iif(is_model, 'span', 'none'),
  iif(is_model AND chance_of_call % 1000 <> 1, chance_of_call * 1000, NULL), iif(is_model, 'list', NULL), iif(is_model, 'list@1', NULL),
  started_at, started_at + duration_ms, duration_ms, iif(is_model, 50 + chance_of_call % 2000, NULL),
  iif(kind = 'tool', 'tool-' || (chance % 15), NULL), status, iif(status = 'error', 'TimeoutError', NULL),
  iif(status = 'error', 'It took longer than ' || (chance_of_call % 7) || ' seconds', NULL), started_at
FROM named`

const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
const path = KEPT ?? join(folder, 'usage.db')
try {
  const isThere = existsSync(path)
  const store = await openStore({ path, now: () => END, readingThreads: 2 })
  if (!isThere) await fill(store)
  if (IN_POSTGRES) await reportPostgres(store)
  else await report(store)
  await store.close()
} finally {
  rmSync(folder, { recursive: true })
}

async function fill(store: Store): Promise<void> {
  const database = new DatabaseSync(path)
  const calls = bytesOf(database)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; DELETE FROM call_contents')
  database.exec('UPDATE rollup_state SET rollups_from = NULL')
  const insert = database.prepare(INSERT)
  for (let first = 0; first < CALLS; first += CHUNK)
    insert.run(first, Math.min(CHUNK, CALLS - first), START, (DAYS * DAY) / CALLS)
  const withCalls = bytesOf(database)
  database.close()
  for await (const day of store.rebuildRollups()) void day
  const { sizeBytes } = await store.size()
  const check = await store.rollupCheck()
  console.log(
    `${check.calls} calls over ${DAYS} days without content; rollups that differ from them: ${check.differing}`,
  )
  console.log(
    `bytes per call: ${((withCalls - calls) / CALLS).toFixed(0)} in calls and indexes, ${((sizeBytes - withCalls) / CALLS).toFixed(0)} in rollups\n`,
  )
}

async function reportPostgres(from: Store): Promise<void> {
  const server = await startPostgres({ isDurable: true })
  try {
    const store = await openStore({ url: server.url, now: () => END })
    let list: StoredCall[] = []
    for await (const call of from.iterate({})) {
      if (list.push(call) < LIST) continue
      await store.write(list)
      list = []
    }
    await store.write(list)
    const { calls, sizeBytes } = await store.size()
    console.log(
      `${calls} calls in Postgres, ${(sizeBytes / calls).toFixed(0)} bytes per call with rollups and indexes\n`,
    )
    await report(store)
    await store.close()
  } finally {
    server.stop()
  }
}

function bytesOf(database: DatabaseSync): number {
  return Number(
    database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').get()!['bytes'],
  )
}

async function report(store: Store): Promise<void> {
  const berlin: CallFilter = { from: END - 31 * DAY - 7_200_000, to: END - 7_200_000, tz: 'Europe/Berlin' }
  const utc: CallFilter = { from: END - 31 * DAY, to: END }
  const questions: Record<string, () => Promise<unknown>> = {
    'overview, 31 days': () => overview(store, utc),
    'overview, 31 days, Berlin': () => overview(store, berlin),
    'overview, everything': () => overview(store, { to: END }),
    'summary with percentiles, 31 days': () => store.summary(utc, { percentiles: true }),
  }
  const single: readonly (readonly [keyof CallFilter, string])[] = [
    ['model', 'model-3'],
    ['provider', 'provider-1'],
    ['operation', 'operation-7'],
    ['project', 'project-5'],
    ['user', 'user-77'],
    ['session', 'session-1000'],
    ['tag', 'beta'],
    ['service', 'web'],
    ['status', 'error'],
    ['tool', 'tool-3'],
  ]
  for (const [name, value] of single) {
    const filter = { ...berlin, [name]: value }
    questions[`only ${name}: summary with percentiles`] = () => store.summary(filter, { percentiles: true })
    questions[`only ${name}: over time`] = () => store.timeseries(filter, { bucket: '1d' })
    questions[`only ${name}: newest 100 calls`] = () => store.calls(filter)
    questions[`by ${name}: breakdown`] = () => store.breakdown(berlin, name as 'model', { limit: 100 })
    questions[`by ${name}: over time`] = () => store.timeseries(berlin, { bucket: '1d', groupBy: name as 'model' })
  }
  questions['tools with failures over time, 31 days'] = () => store.toolReport(berlin)
  questions['newest 50 sessions'] = () => store.sessions({}, { limit: 50 })
  questions['newest 50 usage logs'] = () => store.usageLogs({}, { limit: 50 })
  questions['most expensive 100 calls, 31 days'] = () => store.calls(utc, { sort: 'costNanoUsd' })
  console.log('milliseconds                                          p50      p95')
  for (const [name, ask] of Object.entries(questions)) {
    const times = await timesOf(ask)
    const at = (part: number): string => times[Math.ceil(part * times.length) - 1]!.toFixed(1).padStart(9)
    console.log(`${name.padEnd(48)}${at(0.5)}${at(0.95)}`)
  }
}

// The queries of the overview page, all at once.
async function overview(store: Store, filter: CallFilter): Promise<void> {
  const length = (filter.to ?? END) - (filter.from ?? START)
  const before = { ...filter, from: (filter.from ?? START) - length, to: filter.from ?? START }
  const groups = ['model', 'operation', 'project', 'user', 'tag'] as const
  await Promise.all([
    store.summary(filter, { percentiles: true }),
    store.summary(before, { percentiles: true }),
    store.timeseries(filter, { groupBy: 'model' }),
    ...groups.map((groupBy) => store.breakdown(filter, groupBy, { limit: 8 })),
    store.unpricedModels(filter),
  ])
}

async function timesOf(ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  // The first round only warms up. Slow queries run less often.
  for (let round = 0; round <= ROUNDS && times.reduce((a, b) => a + b, 0) < 5000; round += 1) {
    const started = performance.now()
    await ask()
    if (round > 0) times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)
}
