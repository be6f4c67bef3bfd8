import { parseCallLine } from '@spanledger/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildContent } from '../../core/build-call.ts'
import { DATABASES } from '../../store/stores.ts'
import { type Json, NOW, numbered, spanIdOf, startApi, type TestApi } from './start-api.ts'

describe.each(DATABASES)('calls on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create)
  })
  afterEach(() => api.close())

  test.each(['startedAt', 'costNanoUsd', 'durationMs', 'totalTokens', 'ingestSeq'])(
    'pages by %s neither skip nor repeat a call while others arrive',
    async (sort) => {
      await api.store.write(
        Array.from({ length: 25 }, (_, index) =>
          numbered(index + 1, {
            started_at: NOW - (index % 7) * 1000,
            cost_nano_usd: index % 5 === 0 ? null : index % 3,
            duration_ms: index % 4 === 0 ? null : index % 6,
            total_tokens: index % 6,
          }),
        ),
      )
      for (const order of ['desc', 'asc']) {
        const seen: string[] = []
        let cursor: string | null = null
        let arrived = 0
        do {
          const page: Json = await api.get(
            `/api/calls?limit=4&sort=${sort}&order=${order}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
          )
          seen.push(...page.data.map(({ spanId }: Json) => spanId))
          cursor = page.next
          arrived += 1
          await api.store.write([numbered(1000 + arrived + (order === 'asc' ? 100 : 0), { started_at: NOW + arrived })])
        } while (cursor !== null && seen.length < 200)
        expect(new Set(seen).size).toBe(seen.length)
        const first = Array.from({ length: 25 }, (_, index) => spanIdOf(index + 1))
        expect(first.filter((id) => !seen.includes(id))).toEqual([])
      }
    },
  )

  test('are found by a text in them', async () => {
    await api.store.write([
      numbered(1, { model: 'gpt-5-Special' }),
      numbered(2, { error_message: 'quota 100% used', status: 'error' }),
      numbered(3, { user_id: 'ada_l' }),
    ])
    const found = async (q: string) =>
      (await api.get(`/api/calls?q=${encodeURIComponent(q)}`)).data.map(({ spanId }: Json) => spanId)
    expect(await found('special')).toEqual([spanIdOf(1)])
    expect(await found('100%')).toEqual([spanIdOf(2)])
    expect(await found('ada_l')).toEqual([spanIdOf(3)])
    expect(await found('a%l')).toEqual([])
  })

  test('are shown in camelCase, one of them with what was said in it', async () => {
    const stored = numbered(1, {
      started_at: NOW - 1000,
      tags: ['beta'],
      metadata: { plan: 'pro' },
      content: buildContent({
        question: 'Why?',
        answer: 'Because.',
        tool_arguments: { a: [1] },
        lengths: { question: 4 },
      }),
    })
    await api.store.write([stored])
    const [row] = (await api.get('/api/calls')).data
    expect(row).toMatchObject({
      id: `${stored.trace_id}-${stored.span_id}`,
      tags: ['beta'],
      metadata: { plan: 'pro' },
      costUsd: 0.000525,
    })
    expect(row).not.toHaveProperty('content')
    const { call, price, trace } = await api.get(`/api/calls/${row.id}`)
    expect(call).toEqual({
      ...row,
      content: {
        question: 'Why?',
        systemPrompt: null,
        messages: null,
        answer: 'Because.',
        toolDefinitions: null,
        arguments: { a: [1] },
        result: null,
        lengths: { question: 4 },
      },
    })
    expect(price).toMatchObject({ source: 'list', provider: 'openai', model: 'gpt-5' })
    expect(trace).toMatchObject({ calls: 1, toolCalls: 0, costNanoUsd: 525_000 })
  })

  test('of one trace are a tree', async () => {
    const run = numbered(1, { kind: 'run', billable: 0, cost_nano_usd: null })
    const inRun = { run_id: run.span_id, parent_span_id: run.span_id }
    await api.store.write([
      run,
      numbered(2, { ...inRun, started_at: run.started_at + 1 }, 1),
      numbered(
        3,
        { ...inRun, parent_span_id: spanIdOf(2), kind: 'tool', billable: 0, started_at: run.started_at + 2 },
        1,
      ),
      numbered(4, { ...inRun, parent_span_id: 'ffffffffffffffff', started_at: run.started_at + 3 }, 1),
    ])
    const { root, totals } = await api.get(`/api/traces/${run.trace_id}`)
    const shape = (nodes: Json): Json => nodes.map(({ call, children }: Json) => [call.spanId, ...shape(children)])
    expect(shape(root)).toEqual([[spanIdOf(1), [spanIdOf(2), [spanIdOf(3)]]], [spanIdOf(4)]])
    expect(totals).toMatchObject({ calls: 2, toolCalls: 1 })
  })

  test.each([
    ['/api/ai-usage/breakdown?groupBy=user', 'user,label,calls,cost_nano_usd,cost_usd,', 'ada,ada,2,2500000,0.0025,'],
    ['/api/ai-usage/tools?', 'tool,calls,succeeded,failed,success_rate,', 'search,1,1,0,1,'],
    ['/api/sessions?', 'session,user,project,first_question,turns,', 's1,ada,,,2,'],
  ])('tables are exported as they are shown: %s', async (path, titles, first) => {
    const who = { user_id: 'ada', session_id: 's1', cost_nano_usd: 1_250_000 }
    const run = numbered(1, who)
    await api.store.write([
      run,
      numbered(2, { ...who, run_id: run.span_id }),
      numbered(3, { kind: 'tool', billable: 0, tool_name: 'search', cost_nano_usd: null }),
    ])
    const answer = await api.request(`${path}&format=csv`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
    const [head, row] = (await answer.text()).split('\n')
    expect([head?.slice(0, titles.length), row?.slice(0, first.length)]).toEqual([titles, first])
  })

  test('of one session are a conversation', async () => {
    const session = { session_id: 'chat/1 ?', user_id: 'ada' }
    await api.store.write([
      numbered(1, { ...session, started_at: NOW - 5000, content: buildContent({ question: 'Hi?', answer: 'Hello.' }) }),
      numbered(2, { ...session, started_at: NOW - 1000, content: buildContent({ question: 'And?', answer: 'So.' }) }),
    ])
    const { data } = await api.get('/api/sessions')
    expect(data).toMatchObject([
      { session: 'chat/1 ?', user: 'ada', turns: 2, calls: 2, firstQuestion: 'Hi?', costNanoUsd: 1_050_000 },
    ])
    const { turns, totals } = await api.get(`/api/sessions/${encodeURIComponent('chat/1 ?')}`)
    expect(turns.map(({ question, answer }: Json) => [question, answer])).toEqual([
      ['Hi?', 'Hello.'],
      ['And?', 'So.'],
    ])
    expect(totals.calls).toBe(2)
  })

  test('are exported as call lines and as CSV, all pages of the filter', async () => {
    const calls = Array.from({ length: 450 }, (_, index) =>
      numbered(index + 1, { user_id: index % 2 === 0 ? 'ada' : 'bob', metadata: { n: index } }),
    )
    await api.store.write(calls)
    const lines = await api.request('/api/calls?user=ada&format=jsonl')
    expect(lines.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
    const read = (await lines.text()).trimEnd().split('\n').map(parseCallLine)
    expect(read).toEqual(calls.filter(({ user_id }) => user_id === 'ada'))
    const csv = await api.request('/api/calls?user=ada&format=csv&sort=costNanoUsd')
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="calls.csv"')
    expect((await csv.text()).trimEnd().split('\n')).toHaveLength(226)
  })

  test('are billable ones in CSV, unless a kind or all are asked for, with times and dollars that a spreadsheet reads', async () => {
    await api.store.write([
      numbered(1, { cost_nano_usd: 1_250_000 }),
      numbered(2, { kind: 'tool', billable: 0, tool_name: 'search', cost_nano_usd: null }),
      numbered(3, { kind: 'run', billable: 0, cost_nano_usd: null }),
    ])
    const rowsOf = async (query: string): Promise<string[]> =>
      (await (await api.request(`/api/calls?format=csv${query}`)).text()).trimEnd().split('\n')
    expect([await rowsOf(''), await rowsOf('&kind=all'), await rowsOf('&kind=run')].map((rows) => rows.length)).toEqual(
      [2, 4, 2],
    )
    expect(await rowsOf('&tool=search')).toHaveLength(2)
    const [titles = '', values = ''] = await rowsOf('')
    const row = Object.fromEntries(titles.split(',').map((title, index) => [title, values.split(',')[index]]))
    expect(row).toMatchObject({
      cost_nano_usd: '1250000',
      cost_usd: '0.00125',
      started_at_iso: new Date(Number(row['started_at'])).toISOString(),
    })
    expect((await (await api.request('/api/calls?format=jsonl')).text()).trimEnd().split('\n')).toHaveLength(3)
  })

  test('hold no formula in CSV', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']
    await api.store.write(formulas.map((user_id, index) => numbered(index + 1, { user_id })))
    const text = await (await api.request('/api/calls?format=csv')).text()
    for (const formula of formulas) expect(text).toContain(`'${formula}`)
    expect(text).not.toMatch(/[\n,]"?[=+@\t]/)
  })
})
