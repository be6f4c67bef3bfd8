import type { Call } from '@spanledger/core'
import {
  type CallFilter,
  type Grouping,
  GROUPINGS,
  type Store,
  type StoredCall,
  type UsageTotals,
} from '@spanledger/store'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { collect, STORES, type TestDatabase } from '../stores.ts'

const NOTHING: UsageTotals = {
  calls: 0,
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costNanoUsd: null,
  estimatedCalls: 0,
  unpricedCalls: 0,
  unknownUsageCalls: 0,
  errors: 0,
  toolCalls: 0,
  toolErrors: 0,
  openCalls: 0,
  averageDurationMs: null,
  averageTimeToFirstTokenMs: null,
}

// One call for each row; the ids count up.
function numbered(...rows: readonly Partial<Call>[]): Call[] {
  return rows.map((row, index) => buildCall({ span_id: (index + 1).toString(16).padStart(16, '0'), ...row }))
}

describe.each(STORES)('asking $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open()
  })
  afterEach(() => database.remove())

  async function write(...rows: readonly Partial<Call>[]): Promise<Call[]> {
    const calls = numbered(...rows)
    expect(await store.write(calls)).toMatchObject({ stored: calls.length })
    return calls
  }

  async function names(filter: CallFilter): Promise<string[]> {
    const { calls } = await store.calls(filter)
    expect(namesOf(await collect(store.iterate(filter)))).toEqual(namesOf(calls))
    return namesOf(calls)
  }

  describe('summary', () => {
    test('an empty database has no calls and no sums', async () => {
      expect(await store.summary({})).toEqual(NOTHING)
    })

    test('only billable calls add up; what is unknown is not 0', async () => {
      await write(
        {
          input_tokens: 100,
          output_tokens: 20,
          total_tokens: 120,
          cache_read_tokens: 0,
          cost_nano_usd: 1500,
          cost_source: 'list',
          duration_ms: 10,
          time_to_first_token_ms: 4,
        },
        { input_tokens: 50, output_tokens: null, cost_nano_usd: 500, cost_source: 'list', duration_ms: 20.5 },
        { kind: 'run', billable: 0, input_tokens: 150, output_tokens: 20, total_tokens: 170, duration_ms: 900 },
        { kind: 'tool', billable: 0, tool_name: 'search', duration_ms: 70 },
        { kind: 'tool', billable: 0, tool_name: 'search', status: 'error' },
      )
      expect(await store.summary({})).toEqual({
        ...NOTHING,
        calls: 2,
        inputTokens: 150,
        outputTokens: 20,
        totalTokens: 120,
        cacheReadTokens: 0,
        costNanoUsd: 2000,
        toolCalls: 2,
        toolErrors: 1,
        averageDurationMs: 15.25,
        averageTimeToFirstTokenMs: 4,
      })
    })

    test('each billable call is exact, estimated, unpriced or of unknown usage', async () => {
      await write(
        { input_tokens: 5, cost_nano_usd: 10 },
        { input_tokens: 5, cost_nano_usd: 0, cost_flags: [] },
        { input_tokens: 5, cost_nano_usd: 10, cost_flags: ['cache_unknown'] },
        { output_tokens: 0, cost_nano_usd: null, cost_reason: 'unknown_model' },
        { cost_nano_usd: null, cost_reason: 'no_usage', status: 'error' },
        { cost_nano_usd: 7, cost_source: 'provider' },
        { kind: 'run', billable: 0 },
      )
      expect(await store.summary({})).toMatchObject({
        calls: 6,
        estimatedCalls: 1,
        unpricedCalls: 1,
        unknownUsageCalls: 1,
        errors: 1,
        costNanoUsd: 27,
      })
    })

    test('sums are exact to the last nano-dollar', async () => {
      const costs = fc.array(
        fc.maxSafeNat().map((cost) => Math.floor(cost / 20)),
        { minLength: 1, maxLength: 20 },
      )
      const property = fc.asyncProperty(costs, async (costs) => {
        await database.empty()
        await store.write(numbered(...costs.map((cost) => ({ cost_nano_usd: cost, input_tokens: cost }))))
        const sum = Number(costs.reduce((sum, cost) => sum + BigInt(cost), 0n))
        expect(await store.summary({})).toMatchObject({ costNanoUsd: sum, inputTokens: sum })
      })
      await fc.assert(property, { numRuns: 20 })
    })

    test('hostile counts neither throw nor hide the other sums', async () => {
      await store.write(
        numbered(...Array.from({ length: 1100 }, () => ({ input_tokens: 2 ** 53 - 1, output_tokens: 1 }))),
      )
      const { inputTokens, outputTokens } = await store.summary({})
      expect(inputTokens).toBeCloseTo(1100 * 2 ** 53, -6)
      expect(outputTokens).toBe(1100)
    })
  })

  describe('filters', () => {
    const FIELDS: readonly (readonly [keyof CallFilter, keyof Call, string])[] = [
      ['model', 'model', 'gpt-5'],
      ['requestedModel', 'request_model', 'gpt-5'],
      ['provider', 'provider', 'openai'],
      ['operation', 'operation', 'summarize'],
      ['callType', 'call_type', 'CHAT'],
      ['project', 'project_id', 'shop'],
      ['user', 'user_id', 'ada'],
      ['session', 'session_id', 's1'],
      ['company', 'company_id', 'acme'],
      ['task', 'task_id', 't1'],
      ['service', 'service_name', 'web'],
      ['environment', 'environment', 'production'],
      ['tool', 'tool_name', 'search'],
    ]

    test.each(FIELDS)('%s', async (filter, column, value) => {
      await write({ name: 'a', [column]: value }, { name: 'b', [column]: 'other' }, { name: 'c', [column]: null })
      expect(await names({ [filter]: value })).toEqual(['a'])
      expect(await names({ [filter]: [value, 'other'] })).toEqual(['a', 'b'])
      expect(await names({ [filter]: null })).toEqual(['c'])
      expect(await names({ [filter]: [null, value] })).toEqual(['a', 'c'])
      expect(await names({ [filter]: [] })).toEqual([])
      expect(await names({ [filter]: `${value}' OR 1=1 --` })).toEqual([])
    })

    test('kind, status and trace', async () => {
      const trace = 'ffffffffffffffffffffffffffffffff'
      await write(
        { name: 'a', kind: 'tool', billable: 0 },
        { name: 'b', status: 'error' },
        { name: 'c', trace_id: trace },
      )
      expect(await names({ kind: 'tool' })).toEqual(['a'])
      expect(await names({ status: ['error', 'aborted'] })).toEqual(['b'])
      expect(await names({ trace })).toEqual(['c'])
    })

    test('a call has a tag if any of its tags is it', async () => {
      await write(
        { name: 'a', tags: ['beta', 'eu'] },
        { name: 'b', tags: ['eu'] },
        { name: 'c', tags: [] },
        { name: 'd', tags: null },
        { name: 'e', tags: ['beta"]'] },
      )
      expect(await names({ tag: 'beta' })).toEqual(['a'])
      expect(await names({ tag: ['beta', 'eu'] })).toEqual(['a', 'b'])
      expect(await names({ tag: 'beta"]' })).toEqual(['e'])
      expect(await names({ tag: null })).toEqual(['c', 'd'])
      expect(await names({ tag: [null, 'beta'] })).toEqual(['a', 'c', 'd'])
      expect(await names({ tag: [] })).toEqual([])
    })

    test('usedTool takes every call of a run in which the tool was called', async () => {
      const traceOf = (id: string): string => id.padStart(32, '0')
      const tool = { kind: 'tool', billable: 0 } as const
      await write(
        { name: 'a', trace_id: traceOf('1'), cost_nano_usd: 5 },
        { name: 'b', trace_id: traceOf('1'), ...tool, tool_name: 'refund' },
        { name: 'c', trace_id: traceOf('2'), cost_nano_usd: 7 },
        { name: 'd', trace_id: traceOf('2'), ...tool, tool_name: null },
        { name: 'e', trace_id: traceOf('3'), tool_name: 'refund', cost_nano_usd: 9 },
      )
      expect(await names({ usedTool: 'refund' })).toEqual(['a', 'b'])
      expect(await names({ usedTool: null })).toEqual(['c', 'd'])
      expect(await names({ usedTool: ['refund', null] })).toEqual(['a', 'b', 'c', 'd'])
      expect(await names({ usedTool: [] })).toEqual([])
      expect(await names({ tool: 'refund', kind: 'tool' })).toEqual(['b'])
      expect(await store.summary({ usedTool: 'refund' })).toMatchObject({ calls: 1, costNanoUsd: 5, toolCalls: 1 })
      expect(await store.breakdown({ usedTool: 'refund' }, 'model')).toMatchObject([{ key: null, costNanoUsd: 5 }])
    })

    test('from is included, to is excluded', async () => {
      await write({ name: 'a', started_at: 999 }, { name: 'b', started_at: 1000 }, { name: 'c', started_at: 2000 })
      expect(await names({ from: 1000 })).toEqual(['b', 'c'])
      expect(await names({ to: 2000 })).toEqual(['a', 'b'])
      expect(await names({ from: 1000, to: 2000 })).toEqual(['b'])
    })

    test('all conditions must hold, and an undefined one is ignored', async () => {
      await write({ name: 'a', model: 'gpt-5', user_id: 'ada' }, { name: 'b', model: 'gpt-5', user_id: 'bob' })
      expect(await names({ model: 'gpt-5', user: 'ada', tag: undefined })).toEqual(['a'])
    })
  })

  describe('breakdown', () => {
    test('each key has its own sums, the most expensive first, the unknown key last among equals', async () => {
      await write(
        { model: 'small', input_tokens: 1, cost_nano_usd: 5 },
        { model: 'large', input_tokens: 2, cost_nano_usd: 50 },
        { model: 'large', input_tokens: 3, cost_nano_usd: 50, status: 'error' },
        { model: null },
        { model: 'free' },
      )
      expect(await store.breakdown({}, 'model')).toEqual([
        { ...NOTHING, key: 'large', calls: 2, inputTokens: 5, costNanoUsd: 100, errors: 1 },
        { ...NOTHING, key: 'small', calls: 1, inputTokens: 1, costNanoUsd: 5 },
        { ...NOTHING, key: 'free', calls: 1, unknownUsageCalls: 1 },
        { ...NOTHING, key: null, calls: 1, unknownUsageCalls: 1 },
      ])
    })

    test('a call without an answer counts under the only model that answered its requested id', async () => {
      const failed = { model: 'gpt-5', request_model: 'gpt-5', status: 'error' } as const
      await write(
        { model: 'gpt-5-2025', request_model: 'gpt-5', cost_nano_usd: 9, started_at: 1000 },
        { ...failed, started_at: 1000 },
        { ...failed, status: 'aborted', started_at: 1001 },
        { ...failed, model: null, started_at: 1002 },
        { ...failed, started_at: 3000 },
        { model: 'auto-a', request_model: 'auto', started_at: 1000 },
        { model: 'auto-b', request_model: 'auto', started_at: 1000 },
        { model: 'auto', request_model: 'auto', status: 'error', started_at: 1000 },
        { model: 'named', request_model: 'named', started_at: 1000 },
        { model: 'named-2', request_model: 'named', started_at: 1000 },
      )
      const countsOf = async (filter: CallFilter) =>
        Object.fromEntries((await store.breakdown(filter, 'model')).map((row) => [row.key, [row.calls, row.errors]]))
      expect(await countsOf({ to: 3000 })).toEqual({
        'gpt-5-2025': [4, 2],
        auto: [1, 1],
        'auto-a': [1, 0],
        'auto-b': [1, 0],
        named: [1, 0],
        'named-2': [1, 0],
      })
      expect(await countsOf({ from: 3000 })).toEqual({ 'gpt-5': [1, 1] })
      expect(await store.summary({ to: 3000, model: 'gpt-5-2025' })).toMatchObject({ calls: 4, errors: 2 })
      expect(await store.summary({ to: 3000, model: 'gpt-5' })).toMatchObject({ calls: 0 })
      expect((await store.calls({ to: 3000, model: 'gpt-5-2025', status: 'error' })).calls).toHaveLength(2)
      expect(await store.breakdown({ to: 3000 }, 'requestedModel')).toMatchObject([
        { key: 'gpt-5', calls: 4, costNanoUsd: 9 },
        { key: 'auto', calls: 3 },
        { key: 'named', calls: 2 },
      ])
    })

    test('by model, tool calls stand under the model that asked for them', async () => {
      const askedBy = (id: string) =>
        ({ kind: 'tool', billable: 0, tool_name: 'search', parent_span_id: id.padStart(16, '0') }) as const
      await write(
        { model: 'large', cost_nano_usd: 5 },
        { model: 'small', request_model: 'alias' },
        askedBy('1'),
        { ...askedBy('1'), status: 'error' },
        askedBy('2'),
        askedBy('ffffffffffffffff'),
      )
      const rows = await store.breakdown({}, 'model')
      expect(rows.map(({ key, calls, toolCalls, toolErrors }) => [key, calls, toolCalls, toolErrors])).toEqual([
        ['large', 1, 2, 1],
        ['small', 1, 1, 0],
        [null, 0, 1, 0],
      ])
      expect(await store.breakdown({}, 'model', { limit: 1 })).toMatchObject([
        { key: 'large', toolCalls: 2 },
        { isOther: true, toolCalls: 2 },
      ])
    })

    test('by tool, a model call counts under each tool that it asked for', async () => {
      const askedBy = (id: string, tool: string) =>
        ({ kind: 'tool', billable: 0, tool_name: tool, parent_span_id: id.padStart(16, '0') }) as const
      await write(
        { cost_nano_usd: 5, input_tokens: 50 },
        { cost_nano_usd: 7, input_tokens: 70 },
        { cost_nano_usd: 1, input_tokens: 10 },
        askedBy('1', 'search'),
        askedBy('1', 'search'),
        askedBy('1', 'refund'),
        askedBy('2', 'search'),
      )
      const rows = await store.breakdown({}, 'tool')
      expect(
        rows.map(({ key, calls, costNanoUsd, inputTokens, toolCalls }) => [
          key,
          calls,
          costNanoUsd,
          inputTokens,
          toolCalls,
        ]),
      ).toEqual([
        ['search', 2, 12, 120, 3],
        ['refund', 1, 5, 50, 1],
        [null, 1, 1, 10, 0],
      ])
    })

    test.each(GROUPINGS.filter((grouping) => grouping !== 'day'))(
      'by %s each group has its percentiles',
      async (grouping) => {
        await write({ duration_ms: 1_000 }, { kind: 'tool', billable: 0, tool_name: 'search', duration_ms: 5 })
        const rows = await store.breakdown({ kind: 'model' }, grouping, { percentiles: true })
        expect(rows.map(({ duration }) => Math.round((duration?.p50Ms ?? 0) / 100))).toEqual([10])
      },
    )

    test('which model answered is looked up in the project of the filter only', async () => {
      await write(
        { model: 'fine-tuned', request_model: 'alias', project_id: 'a' },
        { model: 'alias', request_model: 'alias', project_id: 'b', status: 'error' },
      )
      expect(await store.breakdown({ project: 'b' }, 'model')).toMatchObject([{ key: 'alias', errors: 1 }])
      expect(await store.breakdown({}, 'model')).toMatchObject([{ key: 'fine-tuned', calls: 2, errors: 1 }])
    })

    test('by tag a call counts under each of its tags', async () => {
      await write(
        { tags: ['beta', 'eu'], cost_nano_usd: 5 },
        { tags: ['eu'], cost_nano_usd: 1 },
        { tags: [], cost_nano_usd: 3 },
      )
      const rows = await store.breakdown({}, 'tag')
      expect(rows.map(({ key, calls, costNanoUsd }) => ({ key, calls, costNanoUsd }))).toEqual([
        { key: 'eu', calls: 2, costNanoUsd: 6 },
        { key: 'beta', calls: 1, costNanoUsd: 5 },
        { key: null, calls: 1, costNanoUsd: 3 },
      ])
    })

    test('by tool the counts are of tool calls', async () => {
      await write(
        { kind: 'tool', billable: 0, tool_name: 'search' },
        { kind: 'tool', billable: 0, tool_name: 'search', status: 'error' },
      )
      expect(await store.breakdown({}, 'tool')).toEqual([{ ...NOTHING, key: 'search', toolCalls: 2, toolErrors: 1 }])
    })

    test('the rows of every grouping but tag and tool add up to the summary of the same filter', async () => {
      const word = fc.constantFrom(null, 'a', 'b')
      const row = fc.record({
        model: word,
        request_model: word,
        provider: word,
        operation: word,
        user_id: word,
        tool_name: word,
        status: fc.constantFrom('ok', 'error'),
        kind: fc.constantFrom('model', 'tool'),
        billable: fc.constantFrom(0, 1),
        input_tokens: fc.option(fc.nat(100)),
        cost_nano_usd: fc.option(fc.nat(100)),
        started_at: fc.nat(10 * 86_400_000),
      })
      const property = fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        await database.empty()
        await store.write(numbered(...(rows as Partial<Call>[])))
        for (const filter of [{}, { from: 86_400_000, model: ['a', null] }] satisfies CallFilter[]) {
          const summary = await store.summary(filter)
          for (const grouping of GROUPINGS.filter((name) => name !== 'tag' && name !== 'tool')) {
            expect(addedUp(await store.breakdown(filter, grouping))).toEqual(addedUp([summary]))
          }
        }
      })
      await fc.assert(property, { numRuns: 15 })
    })

    test('an unknown grouping is refused, whatever it is', async () => {
      for (const grouping of ['color', '__proto__', 'constructor', 'model; DROP TABLE calls', 'model_id']) {
        await expect(store.breakdown({}, grouping as Grouping)).rejects.toThrow(
          `Unknown grouping "${grouping}"; use model, provider, operation, callType`,
        )
      }
    })
  })

  describe('pages', () => {
    test('the latest start comes first, and calls that arrive meanwhile do not repeat or skip others', async () => {
      const calls = await write(
        ...Array.from({ length: 25 }, (_, index) => ({ name: String(index), started_at: 1000 + (index % 5) })),
      )
      const seen: StoredCall[] = []
      let cursor: string | undefined
      let late = 0
      do {
        const page = await store.calls({}, { limit: 4, cursor })
        expect(page.calls.length).toBeLessThanOrEqual(4)
        seen.push(...page.calls)
        cursor = page.next
        late += 1
        const id = `ff${late.toString(16).padStart(14, '0')}`
        await store.write([buildCall({ span_id: id, name: 'late', started_at: 5000 })])
      } while (cursor !== undefined)
      expect(namesOf(seen)).toEqual(namesOf(calls))
      const order = seen.map((call) => [call.started_at, call.ingest_seq])
      expect(order).toEqual(order.toSorted(([a, b], [c, d]) => c! - a! || d! - b!))
    })

    test('the last page has no next, even if it is full', async () => {
      await write({}, {})
      expect(await store.calls({}, { limit: 2 })).toEqual({ calls: [expect.anything(), expect.anything()] })
      expect(await store.calls({ model: 'none' })).toEqual({ calls: [] })
    })

    test('content is returned only if requested', async () => {
      await write({ content: buildContent({ answer: 'Noon' }) })
      expect((await store.calls({})).calls[0]?.content).toBeNull()
      expect((await store.calls({}, { content: true })).calls[0]?.content).toEqual(buildContent({ answer: 'Noon' }))
    })

    test('an invalid limit or cursor is refused', async () => {
      await expect(store.calls({}, { limit: 0 })).rejects.toThrow(
        'A page of 0 calls is not possible; ask for 1 to 1000',
      )
      await expect(store.calls({}, { limit: 1001 })).rejects.toThrow('ask for 1 to 1000')
      await expect(store.calls({}, { limit: 1.5 })).rejects.toThrow('ask for 1 to 1000')
      await expect(store.calls({}, { cursor: '1 OR 1=1' })).rejects.toThrow(
        'Unknown cursor; pass the "next" of the previous page unchanged',
      )
    })
  })

  describe('one call', () => {
    test('is found by its id with its content, in either case', async () => {
      const [call] = await write({ content: buildContent({ answer: 'Noon' }) })
      const id = `${call!.trace_id}-${call!.span_id}`
      expect(await store.call(id)).toMatchObject(call!)
      expect(await store.call(id.toUpperCase())).toMatchObject(call!)
    })

    test('that is absent, or whose id is invalid, is undefined', async () => {
      expect(await store.call('0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331')).toBeUndefined()
      expect(await store.call('')).toBeUndefined()
      expect(await store.call("x' OR 1=1")).toBeUndefined()
    })
  })

  test('iterating returns every call once, in order of arrival, and none that arrived after it began', async () => {
    const calls = await write(
      ...Array.from({ length: 1203 }, (_, index) => ({ name: String(index), started_at: 5000 - index })),
    )
    const seen: (string | null)[] = []
    for await (const call of store.iterate({})) {
      if (seen.length === 0) await store.write([buildCall({ span_id: 'ffffffffffffffff', name: 'late' })])
      seen.push(call.name)
    }
    expect(seen).toEqual(calls.map((call) => call.name))
  })

  test('tools are returned with their successes, failures and durations, the most called first', async () => {
    const tool = { kind: 'tool', billable: 0 } as const
    await write(
      ...Array.from({ length: 20 }, (_, index) => ({
        ...tool,
        tool_name: 'search',
        duration_ms: 20 - index,
        started_at: 1000 + index,
      })),
      { ...tool, tool_name: 'search', status: 'error', error_message: 'timeout', started_at: 500 },
      { ...tool, tool_name: 'calculator', status: 'aborted', started_at: 700 },
      { tool_name: 'not a tool' },
    )
    expect(await store.toolStats({})).toEqual([
      {
        tool: 'search',
        calls: 21,
        succeeded: 20,
        failed: 1,
        averageDurationMs: 10.5,
        p95DurationMs: 19.25, // the middle of 19 to 19.5
        lastStartedAt: 1019,
      },
      {
        tool: 'calculator',
        calls: 1,
        succeeded: 0,
        failed: 0,
        averageDurationMs: null,
        p95DurationMs: null,
        lastStartedAt: 700,
      },
    ])
    expect(await store.toolStats({ tool: 'calculator' })).toHaveLength(1)
    expect(await store.toolStats({ model: 'none' })).toEqual([])
  })
})

// What can be added without a rounding; averages cannot.
function addedUp(rows: readonly UsageTotals[]): number[] {
  const names = ['calls', 'inputTokens', 'costNanoUsd', 'errors', 'toolCalls', 'unpricedCalls'] as const
  return names.map((name) => rows.reduce((sum, row) => sum + (row[name] ?? 0), 0))
}

function namesOf(calls: readonly Call[]): string[] {
  return calls.map((call) => call.name ?? '').toSorted((a, b) => (a < b ? -1 : 1))
}
