import type { Call } from '@spanledger/core'
import { CALL_SORTS, type CallPageRequest, type Store, type TraceNode } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { STORES, type TestDatabase } from '../stores.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'

function idOf(index: number): string {
  return index.toString(16).padStart(16, '0')
}

function numbered(rows: readonly Partial<Call>[]): Call[] {
  return rows.map((row, index) => buildCall({ span_id: idOf(index + 1), ...row }))
}

describe.each(STORES)('pages in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open()
  })
  afterEach(() => database.remove())

  async function namesOf(page: CallPageRequest): Promise<(string | null)[]> {
    const names: (string | null)[] = []
    let cursor: string | undefined
    do {
      const { calls, next } = await store.calls({}, { ...page, cursor, limit: 2 })
      names.push(...calls.map((call) => call.name))
      cursor = next
    } while (cursor !== undefined)
    return names
  }

  test('calls can be sorted in every order, with unknown values last', async () => {
    const columns = { costNanoUsd: 'cost_nano_usd', durationMs: 'duration_ms', totalTokens: 'total_tokens' } as const
    for (const [sort, column] of Object.entries(columns)) {
      await store.write(
        [5, null, 0.5, 5, null, 7, 0].map((value, index) =>
          buildCall({
            trace_id: TRACE.replace('0af', sort === 'costNanoUsd' ? '1af' : sort === 'durationMs' ? '2af' : '3af'),
            span_id: idOf(index + 1),
            name: `${sort}${index}`,
            [column]: value !== null && column !== 'duration_ms' ? Math.floor(value) : value,
          }),
        ),
      )
      const named = (names: (string | null)[]): (string | null)[] => names.filter((name) => name?.startsWith(sort))
      const ofRest = column === 'duration_ms' ? ['2', '6'] : ['6', '2']
      const descending = named(await namesOf({ sort: sort as 'costNanoUsd' }))
      expect(descending).toEqual(['5', '3', '0', ...ofRest, '4', '1'].map((name) => sort + name))
      expect(new Set(await namesOf({ sort: sort as 'costNanoUsd', order: 'asc' })).size).toBe(
        (await namesOf({})).length,
      )
    }
    expect(await namesOf({ sort: 'ingestSeq', order: 'asc' })).toEqual((await namesOf({ sort: 'ingestSeq' })).reverse())
  })

  test('a cursor of another order is refused', async () => {
    await store.write(numbered([{}, {}]))
    const { next } = await store.calls({}, { limit: 1 })
    for (const sort of CALL_SORTS.filter((sort) => sort !== 'startedAt')) {
      await expect(store.calls({}, { sort, cursor: next })).rejects.toThrow('Unknown cursor')
    }
    await expect(store.calls({}, { sort: 'id; --' as 'startedAt' })).rejects.toThrow('Unknown order "id; --"')
  })

  test('a search text matches the columns that describe a call, ignoring case, and has no wildcards', async () => {
    await store.write(
      numbered([
        { name: 'a', model: 'GPT-5' },
        { name: 'b', error_message: '100% off' },
        { name: 'c', user_id: 'gpt' },
      ]),
    )
    const found = async (q: string) =>
      (await store.calls({}, { q, sort: 'ingestSeq', order: 'asc' })).calls.map((call) => call.name)
    expect(await found('gpt')).toEqual(['a', 'c'])
    expect(await found('0% O')).toEqual(['b'])
    expect(await found('%')).toEqual(['b'])
    expect(await found("' or 1=1 --")).toEqual([])
  })

  test('following the log returns every call once', async () => {
    await store.write(numbered([{ name: 'old' }]))
    const { lastSeq: start, calls } = await store.liveCalls(null, {})
    expect(calls).toEqual([])
    await store.write(numbered([{}, { name: 'a' }, { name: 'b', model: 'x' }, { name: 'c' }]))
    const first = await store.liveCalls(start, {}, 2)
    const rest = await store.liveCalls(first.lastSeq, {})
    expect([...first.calls, ...rest.calls].map((call) => call.name)).toEqual(['a', 'b', 'c'])
    expect(await store.liveCalls(rest.lastSeq, {})).toEqual({ calls: [], lastSeq: rest.lastSeq })
    expect((await store.liveCalls(start, { model: 'x' })).calls.map((call) => call.name)).toEqual(['b'])
    expect((await store.liveCalls(start, { model: 'x' })).lastSeq).toBe(rest.lastSeq)
  })

  test('a trace is a tree; a call whose parent is missing, or is below it, is a root', async () => {
    await store.write(
      numbered([
        { name: 'run', started_at: 1000, ended_at: 9000, kind: 'run', billable: 0 },
        { name: 'second', started_at: 3000, parent_span_id: idOf(1), cost_nano_usd: 5 },
        { name: 'first', started_at: 2000, parent_span_id: idOf(1), cost_nano_usd: 7 },
        { name: 'lost', started_at: 4000, parent_span_id: 'ffffffffffffffff' },
        { name: 'x', started_at: 5000, parent_span_id: idOf(6) },
        { name: 'y', started_at: 6000, parent_span_id: idOf(5) },
      ]),
    )
    const trace = await store.trace(TRACE.toUpperCase())
    const shape = ({ call, children }: TraceNode): unknown => [call.name, ...children.map(shape)]
    expect(trace?.roots.map(shape)).toEqual([['run', ['first'], ['second']], ['lost'], ['x', ['y']]])
    expect(trace).toMatchObject({
      traceId: TRACE,
      startedAt: 1000,
      endedAt: 9000,
      totals: { calls: 5, costNanoUsd: 12 },
    })
    expect(await store.trace('none')).toBeUndefined()
  })

  test('traces are found by the first digits of their ids', async () => {
    const traceIds = ['0a', '0a1', '0af', '0b', 'ff'].map((first) => first.padEnd(32, '0'))
    await store.write(
      [...traceIds, traceIds[2]!].map((trace_id, index) =>
        buildCall({
          trace_id,
          span_id: idOf(index + 1),
          started_at: 1000 * (index + 1),
          project_id: index === 2 ? 'shop' : null,
        }),
      ),
    )
    const found = (index: number, rows = 1) => ({ traceId: traceIds[index], startedAt: 1000 * (index + 1), rows })
    expect(await store.traces({ prefix: '0A' })).toEqual([found(0), found(1), found(2, 2)])
    expect(await store.traces({ prefix: '0a', limit: 1 })).toEqual([found(0)])
    expect(await store.traces({ prefix: '0', project: 'shop' })).toEqual([found(2)])
    expect(await store.traces({ prefix: 'f' })).toEqual([found(4)])
    for (const prefix of ['', 'g', '0a%', 'c']) expect(await store.traces({ prefix })).toEqual([])
  })

  test('sessions are ordered by their last call, each once, and one can be read as a conversation', async () => {
    const turn = (run: number, startedAt: number, session: string): Partial<Call>[] => [
      {
        span_id: idOf(run),
        run_id: idOf(run),
        kind: 'run',
        billable: 0,
        started_at: startedAt,
        session_id: session,
        user_id: 'ada',
        content: buildContent({ question: `Question ${run}`, answer: `Answer ${run}` }),
      },
      {
        span_id: idOf(run + 1),
        run_id: idOf(run),
        started_at: startedAt + 1,
        session_id: session,
        model: 'm',
        cost_nano_usd: 5,
        ended_at: startedAt + 50,
      },
      {
        span_id: idOf(run + 2),
        run_id: idOf(run),
        started_at: startedAt + 2,
        session_id: session,
        kind: 'tool',
        billable: 0,
        tool_name: 't',
        status: 'error',
        error_message: 'no',
      },
    ]
    await store.write(numbered([...turn(16, 1000, 's1'), ...turn(32, 2000, 's2'), ...turn(48, 3000, 's1'), {}]))
    const first = await store.sessions({}, { limit: 1 })
    const second = await store.sessions({}, { limit: 1, cursor: first.next })
    expect([...first.sessions, ...second.sessions].map(({ session }) => session)).toEqual(['s1', 's2'])
    expect(second.next).toBeUndefined()
    expect(first.sessions[0]).toEqual({
      session: 's1',
      user: 'ada',
      project: null,
      turns: 2,
      calls: 2,
      toolCalls: 2,
      errors: 0,
      costNanoUsd: 10,
      estimatedCalls: 0,
      unpricedCalls: 0,
      unknownUsageCalls: 0,
      totalTokens: null,
      startedAt: 1000,
      endedAt: 3050,
      firstQuestion: 'Question 16',
    })
    const session = await store.session('s1')
    expect(session?.totals).toMatchObject({ calls: 2, toolErrors: 2, costNanoUsd: 10 })
    expect(
      session?.turns.map(({ question, answer, model, costNanoUsd, error }) => ({
        question,
        answer,
        model,
        costNanoUsd,
        error,
      })),
    ).toEqual([
      { question: 'Question 16', answer: 'Answer 16', model: 'm', costNanoUsd: 5, error: null },
      { question: 'Question 48', answer: 'Answer 48', model: 'm', costNanoUsd: 5, error: null },
    ])
    const early = await store.session('s1', { to: 3000 })
    expect(early?.turns.map(({ question }) => question)).toEqual(['Question 16'])
    expect((await store.sessions({ to: 3000, user: ['ada', null] })).sessions.at(-1)).toMatchObject({
      session: 's1',
      turns: 1,
      calls: early?.totals.calls,
      costNanoUsd: early?.totals.costNanoUsd,
    })
    expect(session?.turns[0]?.toolCalls).toMatchObject([{ name: 't', error: 'no' }])
    expect(await store.session('none')).toBeUndefined()
  })

  test('each question below one operation is a turn', async () => {
    const operation = { run_id: idOf(1), session_id: 's1' }
    const run = (id: number, startedAt: number): Partial<Call>[] => [
      {
        ...operation,
        span_id: idOf(id),
        parent_span_id: idOf(1),
        kind: 'run',
        billable: 0,
        started_at: startedAt,
        content: buildContent({ question: `Question ${id}`, answer: `Answer ${id}` }),
      },
      { ...operation, span_id: idOf(id + 1), parent_span_id: idOf(id), started_at: startedAt + 1, cost_nano_usd: id },
    ]
    await store.write(
      numbered([
        { ...operation, span_id: idOf(1), kind: 'operation', billable: 0, started_at: 1000 },
        ...run(2, 1001),
        ...run(4, 2001),
        // A run below a run is a part of its turn.
        { ...operation, span_id: idOf(6), parent_span_id: idOf(4), kind: 'run', billable: 0, started_at: 2002 },
      ]),
    )
    expect((await store.sessions({})).sessions).toMatchObject([{ session: 's1', turns: 2, calls: 2, costNanoUsd: 6 }])
    const { turns = [] } = (await store.session('s1')) ?? {}
    expect(turns.map((turn) => [turn.runId, turn.question, turn.answer, turn.costNanoUsd])).toEqual([
      [idOf(2), 'Question 2', 'Answer 2', 2],
      [idOf(4), 'Question 4', 'Answer 4', 4],
    ])
    expect(turns.flatMap(({ calls }) => calls)).toHaveLength(6)
  })

  test('usage logs are the rows of the view, each run once, ordered by its first call', async () => {
    await store.write(
      numbered([
        { run_id: idOf(1), kind: 'run', billable: 0, started_at: 1000, operation: 'plan' },
        { run_id: idOf(1), started_at: 1001, model: 'a', input_tokens: 5, cost_nano_usd: 2_000_000_000 },
        { run_id: idOf(3), started_at: 2000, model: 'b', response_metadata: { id: 'r' } },
      ]),
    )
    const first = await store.usageLogs({}, { limit: 1 })
    const second = await store.usageLogs({}, { limit: 1, cursor: first.next })
    expect(first.logs).toMatchObject([
      { id: `${TRACE}-${idOf(3)}`, model: 'b', responseMetadata: { id: 'r' }, toolCallsJson: [] },
    ])
    expect(second).toMatchObject({
      logs: [{ operation: 'plan', model: 'a', inputTokens: 5, estimatedCost: 2, toolCallsCount: 0 }],
    })
    expect(second.next).toBeUndefined()
    expect((await store.usageLogs({ model: 'a' })).logs.map(({ operation }) => operation)).toEqual(['plan'])
  })

  test('failures of tools are grouped by message, with the id of the last one', async () => {
    const tool = { kind: 'tool', billable: 0, tool_name: 'search' } as const
    const failed = { ...tool, status: 'error', error_type: 'Timeout', error_message: 'too slow' } as const
    await store.write(
      numbered([
        { ...tool, started_at: 1000 },
        { ...failed, started_at: 2000 },
        { ...failed, started_at: 90_000_000 },
        { ...failed, started_at: 3000, error_message: null },
      ]),
    )
    const { tools, overTime } = await store.toolReport({ from: 0, to: 172_800_000 }, { bucket: '1d' })
    expect(tools).toMatchObject([
      {
        tool: 'search',
        calls: 4,
        succeeded: 1,
        failed: 3,
        lastStartedAt: 90_000_000,
        failures: [
          {
            message: 'too slow',
            errorType: 'Timeout',
            calls: 2,
            lastStartedAt: 90_000_000,
            callId: `${TRACE}-${idOf(3)}`,
          },
          { message: null, errorType: 'Timeout', calls: 1, lastStartedAt: 3000 },
        ],
      },
    ])
    expect(overTime).toMatchObject({ calls: [{ key: 'search', points: [3, 1] }], failures: [2, 1] })
  })
})
