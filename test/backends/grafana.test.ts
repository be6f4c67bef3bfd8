import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from '@spanledger/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCall } from '../core/build-call.ts'
import { type PostgresServer, startPostgres } from '../store/postgres.ts'

const DASHBOARD = join(import.meta.dirname, '../../deploy/grafana-dashboard.json')
const NOW = 1_790_000_000_000

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly rawSql?: string }[]
}

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  const store = await openStore({ url: server.url })
  await store.write([
    call('1', { model: 'gpt-5', cost_nano_usd: 2_000_000_000, user_id: 'ada', project_id: 'shop', operation: 'ask' }),
    call('2', { model: 'gpt-5', cost_nano_usd: 1_000_000_000, user_id: 'ada', project_id: 'shop', operation: 'ask' }),
    call('3', { model: 'house-model', cost_nano_usd: null, cost_reason: 'unknown_model', status: 'error' }),
    call('4', { model: 'gpt-5', cost_nano_usd: 9_000_000_000, started_at: NOW - 86_400_000 }),
    call('5', { kind: 'tool', billable: 0, model: null, tool_name: 'weather', status: 'error', duration_ms: 30 }),
    call('6', { kind: 'tool', billable: 0, model: null, tool_name: 'weather', duration_ms: 10 }),
  ])
  await store.close()
})

afterAll(() => server.stop())

test('every panel that asks Postgres gets an answer, of the hour that is shown only', async () => {
  const answers = new Map<string, readonly unknown[]>()
  const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as { readonly panels: readonly Panel[] }
  for (const { title, targets } of panels) {
    for (const { rawSql } of targets)
      if (rawSql !== undefined) answers.set(title, await server.query(asGrafana(rawSql)))
  }
  const time = expect.any(Date)
  expect(Object.fromEntries(answers)).toEqual({
    Cost: [{ cost: 3 }],
    Calls: [{ calls: 3 }],
    Tokens: [{ tokens: 450 }],
    'Error rate': [{ errors: expect.closeTo(1 / 3) }],
    'Cost by model': expect.arrayContaining([
      { time, metric: 'gpt-5', cost: 3 },
      { time, metric: 'house-model', cost: null },
    ]),
    'Tokens by kind': [{ time, input: 210, cache_read: 90, output: 150 }],
    'Cost by project, user and operation': [
      { project: 'shop', user: 'ada', operation: 'ask', calls: 2, tokens: 300, cost_usd: 3 },
      { project: '–', user: '–', operation: '–', calls: 1, tokens: 150, cost_usd: null },
    ],
    'Unpriced models': [{ provider: 'openai', model: 'house-model', reason: 'unknown_model', calls: 1 }],
    Tools: [{ tool: 'weather', calls: 2, failed: 0.5, average_ms: 20, p95_ms: 29 }],
  })
})

function call(id: string, columns: Parameters<typeof buildCall>[0]): ReturnType<typeof buildCall> {
  return buildCall({
    trace_id: id.padStart(32, '0'),
    span_id: id.padStart(16, '0'),
    run_id: id.padStart(16, '0'),
    kind: 'model',
    billable: 1,
    provider: 'openai',
    project_id: null,
    user_id: null,
    operation: null,
    input_tokens: 100,
    output_tokens: 50,
    total_tokens: 150,
    cache_read_tokens: 30,
    started_at: NOW - 1_800_000,
    status: 'ok',
    ...columns,
  })
}

// What Grafana puts in the place of its macros, for the hour before NOW.
function asGrafana(sql: string): string {
  return sql
    .replaceAll('$__unixEpochFrom()', String(NOW / 1000 - 3_600))
    .replaceAll('$__unixEpochTo()', String(NOW / 1000))
}
