import type { Call } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { STORES, type TestDatabase } from '../stores.ts'

const RUN = '00000000000000aa'
const TRACE = '0af7651916cd43dd8448eb211c80319c'

const COLUMNS = [
  'id',
  'project_id',
  'request_id',
  'operation',
  'model',
  'provider',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'estimated_cost',
  'duration_ms',
  'tool_calls_count',
  'tool_calls_json',
  'response_metadata',
  'error',
  'created_at',
]

describe.each(STORES)('ai_usage_logs in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open({ now: () => 1_777_000_000_000 })
  })
  afterEach(() => database.remove())

  async function logOf(...calls: readonly Partial<Call>[]): Promise<Record<string, unknown>> {
    await store.write(
      calls.map((call, index) =>
        buildCall({ span_id: (index + 1).toString(16).padStart(16, '0'), run_id: RUN, ...call }),
      ),
    )
    const rows = await database.rows('select * from ai_usage_logs')
    expect(rows).toHaveLength(1)
    return rows[0]!
  }

  test('has exactly its columns', async () => {
    expect(Object.keys(await logOf({}))).toEqual(COLUMNS)
  })

  test('a run is one row: its calls added up, its tools listed, its model the one that answered last', async () => {
    const log = await logOf(
      {
        billable: 1,
        model: 'gpt-5',
        provider: 'openai',
        started_at: 1000,
        ended_at: 1500,
        input_tokens: 100,
        output_tokens: 10,
        total_tokens: 110,
        cost_nano_usd: 1_500_000,
        response_metadata: { id: 'first' },
      },
      {
        kind: 'tool',
        billable: 0,
        tool_name: 'search',
        started_at: 1600,
        ended_at: 1700,
        duration_ms: 100.5,
        content: buildContent({ tool_arguments: { q: 'weather' }, tool_result: ['sunny'] }),
      },
      {
        kind: 'tool',
        billable: 0,
        tool_name: 'book',
        started_at: 1550,
        status: 'error',
        error_message: 'no seats',
        content: buildContent({ tool_arguments: 'text' }),
      },
      {
        billable: 1,
        model: 'claude-opus',
        provider: 'anthropic',
        started_at: 1800,
        ended_at: 2500,
        input_tokens: 200,
        output_tokens: 20,
        total_tokens: 220,
        cost_nano_usd: 1,
        response_metadata: { id: 'second' },
      },
      { billable: 1, model: 'gpt-5-mini', provider: 'openai', started_at: 2600, ended_at: 2700, status: 'error' },
      {
        span_id: RUN,
        kind: 'run',
        billable: 0,
        operation: 'trip',
        project_id: 'shop',
        request_id: 'r1',
        input_tokens: 300,
        started_at: 900,
        ended_at: 2900,
        duration_ms: 2000,
      },
    )
    expect({ ...log, tool_calls_json: JSON.parse(String(log['tool_calls_json'])) }).toEqual({
      id: `${TRACE}-${RUN}`,
      project_id: 'shop',
      request_id: 'r1',
      operation: 'trip',
      model: 'claude-opus',
      provider: 'anthropic',
      input_tokens: 300,
      output_tokens: 30,
      total_tokens: 330,
      estimated_cost: 0.001500001,
      duration_ms: 2000,
      tool_calls_count: 2,
      tool_calls_json: [
        { name: 'book', arguments: 'text', result: null, durationMs: null, error: 'no seats' },
        { name: 'search', arguments: { q: 'weather' }, result: ['sunny'], durationMs: 100.5, error: null },
      ],
      response_metadata: '{"id":"second"}',
      error: null,
      created_at: 1_777_000_000_000,
    })
  })

  test('a sum is NULL only if all its parts are', async () => {
    expect(await logOf({ input_tokens: 5 }, { output_tokens: null, cost_nano_usd: 0 })).toMatchObject({
      input_tokens: 5,
      output_tokens: null,
      total_tokens: null,
      estimated_cost: 0,
      tool_calls_count: 0,
      tool_calls_json: '[]',
    })
  })

  test('a run with only failed calls has an error and a model', async () => {
    const log = await logOf(
      { model: 'a', started_at: 1000, ended_at: 1500, status: 'error', error_message: 'rate limit' },
      { model: 'b', started_at: 2000, ended_at: 2500, status: 'error', error_type: 'timeout' },
    )
    expect(log).toMatchObject({ model: 'b', error: 'timeout', duration_ms: 1500, project_id: null })
  })

  test('a run that succeeded in the end has no error', async () => {
    const calls = [
      { status: 'error', error_message: 'rate limit', ended_at: 1000 },
      { status: 'ok', ended_at: 2000 },
    ] as const
    expect(await logOf(...calls)).toMatchObject({ error: null })
    expect(await logOf({ span_id: RUN, kind: 'run', billable: 0 })).toMatchObject({ error: null })
  })

  test('a failed run has an error, whatever its calls did', async () => {
    const run = { span_id: RUN, kind: 'run', billable: 0, status: 'error', error_message: 'gave up' } as const
    expect(await logOf({ status: 'ok', ended_at: 2000 }, run)).toMatchObject({ error: 'gave up' })
  })

  test('a call without a run above is a run, and each run is a row', async () => {
    await store.write([
      buildCall({ span_id: '0000000000000001' }),
      buildCall({ span_id: '0000000000000002' }),
      buildCall({ span_id: '0000000000000001', trace_id: 'ffffffffffffffffffffffffffffffff' }),
    ])
    const rows = await database.rows('select id from ai_usage_logs order by id')
    expect(rows.map((row) => row['id'])).toEqual([
      `${TRACE}-0000000000000001`,
      `${TRACE}-0000000000000002`,
      'ffffffffffffffffffffffffffffffff-0000000000000001',
    ])
  })

  test('hostile counts do not hide the other runs', async () => {
    await store.write(
      Array.from({ length: 1100 }, (_, index) =>
        buildCall({
          span_id: (index + 1).toString(16).padStart(16, '0'),
          run_id: RUN,
          input_tokens: 2 ** 53 - 1,
          cost_nano_usd: 2 ** 53 - 1,
        }),
      ),
    )
    const [row] = await database.rows('select * from ai_usage_logs')
    expect(row!['input_tokens']).toBeCloseTo(1100 * 2 ** 53, -6)
    expect(row!['estimated_cost']).toBeCloseTo((1100 * 2 ** 53) / 1e9, -1)
  })
})
