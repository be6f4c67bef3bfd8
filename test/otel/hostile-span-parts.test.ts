import type { Call } from '@spanledger/core'
import { UsageLogExporter } from '@spanledger/otel'
import { openStore } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { listSink } from '../conformance/ledger.ts'
import { expectStorable, pipeline, withAttribute } from './hostile-pipeline.ts'
import { CHAT, HOSTILE_VALUES, OTHER_SCOPE, span, throwingProxy, withGetter } from './hostile-values.ts'

const MEMBERS = [
  'name',
  'kind',
  'startTime',
  'endTime',
  'status',
  'events',
  'resource',
  'instrumentationScope',
  'parentSpanContext',
  'parentSpanId',
  'links',
]

describe('any span', () => {
  test.each(Object.entries(HOSTILE_VALUES))('has a row, whatever its members are: %s', async (_, value) => {
    const { rows, run } = pipeline()
    for (const member of MEMBERS) run(span(CHAT, { [member]: value() }))
    for (const member of MEMBERS) run(withGetter(span(CHAT), member))
    expect(rows.length).toBeGreaterThanOrEqual(2 * (MEMBERS.length - 1))
    await expectStorable(rows)
  })

  test.each(Object.entries(HOSTILE_VALUES))('is refused by the store for its id only: %s', async (_, value) => {
    const { rows, run } = pipeline()
    const { traceId, spanId } = span(CHAT).spanContext()
    run(span(CHAT, { spanContext: () => value() }))
    run(span(CHAT, { spanContext: () => ({ traceId: value(), spanId, traceFlags: 1 }) }))
    run(span(CHAT, { spanContext: () => ({ traceId, spanId: value(), traceFlags: 1 }) }))
    const store = await openStore({ path: ':memory:' })
    const { rejected } = await store.write(rows)
    await store.close()
    expect(rejected.map(({ reason }) => reason).filter((reason) => !/^(trace|span|run)_id is /.test(reason))).toEqual(
      [],
    )
    expect(rejected).toHaveLength(rows.length)
  })
})

describe('a hostile value', () => {
  const COUNTS = [
    ['gen_ai.usage.input_tokens', 'input_tokens'],
    ['gen_ai.usage.output_tokens', 'output_tokens'],
    ['gen_ai.usage.cache_read.input_tokens', 'cache_read_tokens'],
    ['gen_ai.usage.reasoning.output_tokens', 'reasoning_tokens'],
  ] as const

  test.each(COUNTS)('in %s leaves %s NULL, and the rest as it is', (name, column) => {
    const { run } = pipeline()
    const good = run(span(CHAT, OTHER_SCOPE))
    for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
      if (['2^53 - 1', 'minus zero'].includes(what)) continue
      const row = run(withAttribute(span(CHAT, OTHER_SCOPE), name, value()))
      expect({ what, count: row?.[column] }).toEqual({ what, count: null })
      expect(row).toMatchObject({ model: good?.model, provider: good?.provider, content: good?.content, status: 'ok' })
    }
  })

  test('by the name of __proto__ lends nothing to the span', () => {
    const lent = {
      'gen_ai.response.id': 'lent',
      'gen_ai.usage.output_tokens': 7,
      'user.id': 'lent',
      'error.type': 'lent',
    }
    const { 'gen_ai.usage.output_tokens': _, ...chat } = CHAT
    const attributes = JSON.parse(JSON.stringify(chat).replace('{', `{"__proto__":${JSON.stringify(lent)},`)) as object
    const expected = { response_id: null, output_tokens: null, user_id: null, error_type: null, input_tokens: 100 }
    expect(pipeline().run(span(attributes, OTHER_SCOPE))).toMatchObject(expected)
    expect(pipeline().run(span(attributes))).toMatchObject({ ...expected, status: 'aborted' })
  })

  test('under a name that every object has is an attribute like any other', () => {
    const inherited = { constructor: 'a', toString: 'b', hasOwnProperty: 'c', valueOf: 'd' }
    expect(pipeline().run(span({ ...CHAT, ...inherited }, OTHER_SCOPE))).toMatchObject({
      model: 'gpt-5',
      input_tokens: 100,
    })
  })

  test('does not make a total that no integer holds', () => {
    const most = Number.MAX_SAFE_INTEGER
    const row = pipeline().run(span({ ...CHAT, 'gen_ai.usage.input_tokens': most, 'gen_ai.usage.output_tokens': most }))
    expect(row).toMatchObject({ input_tokens: most, output_tokens: most, total_tokens: null })
  })

  test.each([
    ['an end before the start', { endTime: [1_799_999_000, 0] }, { started_at: 1_800_000_000_000, duration_ms: null }],
    [
      'the year 2554',
      { startTime: [18_446_744_073, 0], endTime: [18_446_744_074, 0] },
      { started_at: 18_446_744_073_000, duration_ms: 1_000 },
    ],
    ['a start that is no number', { startTime: [Number.NaN, 0] }, { started_at: 1_800_000_001_500, duration_ms: null }],
    ['an end after all calendars', { endTime: [2 ** 60, 0] }, { ended_at: null, duration_ms: null }],
  ])('in the times: %s', (_, times, expected) => {
    expect(pipeline().run(span(CHAT, times))).toMatchObject(expected)
  })

  test('in an event costs neither the other events nor the row', () => {
    const events = [
      { name: 'exception', attributes: throwingProxy({}) },
      null,
      { name: 7 },
      { name: 'mine', attributes: { a: 1 } },
    ]
    const { run, exported } = pipeline()
    expect(run(span(CHAT, { events, status: { code: 2, message: 'overloaded' } }))).toMatchObject({
      status: 'error',
      error_message: 'overloaded',
    })
    expect(exported[0]?.events.map(({ name }) => name)).toEqual(['exception', 'mine'])
  })

  test('in a parent does not cost its children their place in the trace', () => {
    const { run } = pipeline()
    const parent = span(withGetter({ 'gen_ai.operation.name': 'invoke_agent', 'user.id': 'ada' }, 'user.id'))
    const { spanId, traceId } = parent.spanContext()
    const processorSees = span(CHAT, { parentSpanContext: { spanId, traceId } })
    run(parent)
    expect(run(processorSees)).toMatchObject({ run_id: spanId, parent_span_id: spanId, input_tokens: 100 })
  })
})

describe('our own parts that fail', () => {
  test('a policy that throws costs the words, not the row, and no word is exported', () => {
    const explode = () => {
      throw new Error('hostile')
    }
    const { run, exported } = pipeline({ content: { mode: 'full', apply: explode, text: explode, json: explode } })
    expect(run(span(CHAT))).toMatchObject({ input_tokens: 100, content: null })
    expect(exported[0]?.attributes).not.toHaveProperty('gen_ai.input.messages')
  })

  test('an exporter writes the good spans of a batch with a bad one', async () => {
    const rows: Call[] = []
    const sink = listSink(rows)
    const exporter = new UsageLogExporter({
      ...sink,
      write: (call) => (rows.length === 1 && rows.push(call) ? throwingProxy({}).constructor : sink.write(call)),
    })
    const result = await new Promise((resolve) => exporter.export([span(CHAT), span(CHAT), span(CHAT)], resolve))
    expect(result).toMatchObject({ code: 1, error: new Error('hostile') })
    expect(rows).toHaveLength(3)
  })
})
