import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { startApi, type TestApi } from './start-api.ts'

const LOG = { operation: 'summarize', model: 'gpt-5', provider: 'openai' }

describe.each(DATABASES)('POST /api/ai-usage on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create)
  })
  afterEach(() => api.close())

  const post = (body: unknown, path = '/api/ai-usage') => api.send('POST', path, body)

  test('stores one billable call and its tools, and answers its id', async () => {
    await api.store.ensureProject({ id: 'shop' })
    const response = await post({
      ...LOG,
      projectId: 'shop',
      requestId: 'req-1',
      inputTokens: 100,
      outputTokens: 20,
      estimatedCost: 0.0125,
      durationMs: 1500,
      toolCallsCount: 2,
      toolCallsJson: [
        { name: 'search', arguments: { q: 'a' }, result: [1], durationMs: 30 },
        { name: 'save', error: 'disk full' },
      ],
      responseMetadata: { region: 'eu' },
    })
    expect(response.status).toBe(201)
    const { id } = (await response.json()) as { id: string }
    const [operation, ...tools] = (await api.store.calls({}, { content: true, sort: 'ingestSeq', order: 'asc' })).calls
    expect(operation).toMatchObject({
      kind: 'operation',
      billable: 1,
      operation: 'summarize',
      model: 'gpt-5',
      provider: 'openai',
      project_id: 'shop',
      request_id: 'req-1',
      input_tokens: 100,
      output_tokens: 20,
      total_tokens: 120,
      usage_source: 'reported',
      cost_nano_usd: 12_500_000,
      cost_source: 'reported',
      duration_ms: 1500,
      response_metadata: { region: 'eu' },
      status: 'ok',
    })
    expect(id).toBe(`${operation?.trace_id}-${operation?.span_id}`)
    expect(tools.map((tool) => [tool.kind, tool.billable, tool.tool_name, tool.status, tool.error_message])).toEqual([
      ['tool', 0, 'search', 'ok', null],
      ['tool', 0, 'save', 'error', 'disk full'],
    ])
    expect(tools[0]?.content).toMatchObject({ tool_arguments: { q: 'a' }, tool_result: [1] })
  })

  test('is worth as much as a traced call: who, when, and every kind of token', async () => {
    const who = {
      userId: 'ada',
      sessionId: 's1',
      companyId: 'acme',
      taskId: 't1',
      tags: ['beta'],
      metadata: { plan: 'pro' },
    }
    const tokens = {
      inputTokens: 1_000_000,
      cacheReadTokens: 400_000,
      cacheWriteTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
    }
    const times = { startedAt: '2026-03-01T10:00:00+02:00', durationMs: 1500 }
    const response = await post({
      ...LOG,
      ...who,
      ...tokens,
      ...times,
      requestId: 'r',
      toolCallsJson: [{ name: 'search' }],
    })
    expect(response.status).toBe(201)
    await post({ ...LOG, ...who, ...tokens, ...times, requestId: 'r' })
    const startedAt = Date.parse('2026-03-01T08:00:00Z')
    const said = {
      user_id: 'ada',
      session_id: 's1',
      company_id: 'acme',
      task_id: 't1',
      tags: ['beta'],
      metadata: { plan: 'pro' },
      started_at: startedAt,
    }
    const [operation, tool] = (await api.store.calls({}, { sort: 'ingestSeq', order: 'asc' })).calls
    expect(operation).toMatchObject({
      ...said,
      ended_at: startedAt + 1500,
      duration_ms: 1500,
      input_tokens: 1_000_000,
      cache_read_tokens: 400_000,
      cache_write_tokens: 0,
      reasoning_tokens: 0,
      // gpt-5: $1.25 a million tokens of input, $0.125 where they come from the cache.
      cost_nano_usd: 600_000 * 1250 + 400_000 * 125,
      cost_source: 'list',
    })
    expect(tool).toMatchObject({ ...said, kind: 'tool', tool_name: 'search' })
    expect(await api.get('/api/ai-usage/summary?user=ada&session=s1&tag=beta')).toMatchObject({ totals: { calls: 1 } })
  })

  test.each(['yesterday', -1, 1.5])('refuses %s as startedAt', async (startedAt) => {
    const response = await post({ ...LOG, startedAt })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { field: 'startedAt' } })
  })

  test('gives the log back as it was posted', async () => {
    const { id } = await (
      await post({ ...LOG, inputTokens: 7, toolCallsJson: '[{"name":"search"}]', error: 'no' })
    ).json()
    const { data, next } = await api.get('/api/ai-usage')
    expect(next).toBeNull()
    expect(data).toEqual([
      expect.objectContaining({
        id,
        operation: 'summarize',
        inputTokens: 7,
        outputTokens: null,
        totalTokens: null,
        toolCallsCount: 1,
        error: 'no',
      }),
    ])
    expect(data[0].toolCallsJson).toEqual([expect.objectContaining({ name: 'search' })])
    expect(await api.get('/api/ai/usage')).toEqual({ data, next })
  })

  test('reads snake_case, and both addresses', async () => {
    const response = await post({ ...LOG, input_tokens: 3, response_metadata: '{"a":1}' }, '/api/ai/usage')
    expect(response.status).toBe(201)
    const [stored] = (await api.store.calls({})).calls
    expect(stored).toMatchObject({ input_tokens: 3, response_metadata: { a: 1 } })
  })

  test('is one row for one requestId, however often it is sent', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const response = await post({ ...LOG, requestId: 'same', inputTokens: 1, toolCallsJson: [{ name: 'a' }] })
        return { status: response.status, id: ((await response.json()) as { id: string }).id }
      }),
    )
    expect(new Set(bodies.map(({ status, id }) => `${status} ${id}`)).size).toBe(1)
    expect((await api.store.calls({})).calls.map(({ kind }) => kind).sort()).toEqual(['operation', 'tool'])
  })

  test('is a row of its own without a requestId', async () => {
    await post(LOG)
    await post(LOG)
    expect((await api.store.calls({})).calls).toHaveLength(2)
  })

  test('is priced by the list where it names no cost, and has none where its tokens are unknown', async () => {
    await post({ ...LOG, requestId: 'a', inputTokens: 1_000_000, outputTokens: 0 })
    await post({ ...LOG, requestId: 'b' })
    const calls = (await api.store.calls({}, { sort: 'ingestSeq', order: 'asc' })).calls
    expect(calls.map((call) => [call.cost_nano_usd, call.cost_source, call.cost_reason])).toEqual([
      [1_250_000_000, 'list', null],
      [null, null, 'no_usage'],
    ])
  })

  test('keeps no secrets', async () => {
    const key = `sk-proj-${'aB3dE5fG7hJ9'.repeat(4)}`
    await post({
      ...LOG,
      error: `bad key ${key}`,
      responseMetadata: { key },
      toolCallsJson: [{ name: 'a', result: key }],
    })
    expect(JSON.stringify((await api.store.calls({}, { content: true })).calls)).not.toContain(key)
  })

  test.each([
    ['operation', undefined, 'missing'],
    ['operation', '', 'invalid_value'],
    ['operation', 5, 'invalid_value'],
    ['operation', null, 'invalid_value'],
    ['operation', 'x'.repeat(1001), 'invalid_value'],
    ['operation', 'a\0b', 'invalid_value'],
    ['model', undefined, 'missing'],
    ['model', [], 'invalid_value'],
    ['provider', undefined, 'missing'],
    ['provider', {}, 'invalid_value'],
    ['inputTokens', -1, 'invalid_value'],
    ['inputTokens', 1.5, 'invalid_value'],
    ['inputTokens', '5', 'invalid_value'],
    ['inputTokens', 1e300, 'invalid_value'],
    ['outputTokens', -1, 'invalid_value'],
    ['totalTokens', true, 'invalid_value'],
    ['estimatedCost', -0.1, 'invalid_value'],
    ['estimatedCost', '1', 'invalid_value'],
    ['estimatedCost', 1e9, 'invalid_value'],
    ['durationMs', -5, 'invalid_value'],
    ['toolCallsCount', -1, 'invalid_value'],
    ['toolCallsCount', 100_000, 'invalid_value'],
    ['toolCallsJson', 5, 'invalid_value'],
    ['toolCallsJson', 'no json', 'invalid_value'],
    ['toolCallsJson', '"text"', 'invalid_value'],
    ['toolCallsJson', '5', 'invalid_value'],
    ['responseMetadata', 'null', 'invalid_value'],
    ['responseMetadata', true, 'invalid_value'],
    ['error', 5, 'invalid_value'],
    ['projectId', 5, 'invalid_value'],
    ['requestId', '', 'invalid_value'],
    ['color', 1, 'unknown_field'],
    ['__proto__x', 1, 'unknown_field'],
  ])('refuses %s = %j', async (field, value, code) => {
    const response = await post({ ...LOG, [field]: value })
    const { error } = await response.json()
    expect({ status: response.status, code: error.code, field: error.field }).toEqual({ status: 400, code, field })
    expect(error.message).toContain(field)
    expect((await api.store.calls({})).calls).toEqual([])
  })

  test('refuses a project that is not known', async () => {
    const response = await post({ ...LOG, projectId: 'nobody' })
    expect(response.status).toBe(422)
    expect((await response.json()).error).toMatchObject({ code: 'unknown_project', field: 'projectId' })
    expect(await api.store.projects()).toEqual([])
  })

  test.each([
    ['no JSON', '{', 400, 'invalid_json'],
    ['nothing', '', 400, 'invalid_json'],
    ['a list', '[]', 400, 'invalid_value'],
    ['null', 'null', 400, 'invalid_value'],
    ['depth', '['.repeat(5000), 400, 'too_deep'],
    ['two spellings', JSON.stringify({ ...LOG, inputTokens: 1, input_tokens: 2 }), 400, 'unknown_field'],
    ['2 MB', JSON.stringify({ ...LOG, error: 'x'.repeat(2_000_000) }), 413, 'too_large'],
  ])('refuses a body of %s', async (_what, body, status, code) => {
    const response = await post(body)
    expect({ status: response.status, code: (await response.json()).error.code }).toEqual({ status, code })
  })

  test('refuses what is not marked as JSON', async () => {
    const response = await api.send('POST', '/api/ai-usage', JSON.stringify(LOG), { 'content-type': 'text/plain' })
    expect(response.status).toBe(415)
  })
})
