import { ROOT_CONTEXT } from '@opentelemetry/api'
import {
  type Call,
  CALL_COLUMNS,
  callId,
  type ContentMode,
  CONTENT_COLUMNS,
  type SpanLike,
  toGenAI,
} from '@spanledger/core'
import { type ConvertOptions, GenAISpanProcessor, UsageLogExporter, UsageSpanProcessor } from '@spanledger/otel'
import { openStore } from '@spanledger/store'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listSink } from '../conformance/ledger.ts'
import { HOSTILE_VALUES, HUGE_VALUES, span, throwingProxy, withGetter } from './hostile-values.ts'

const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 40 }
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Why?"}]}]',
  ...USAGE,
}
const LEGACY = {
  'ai.operationId': 'ai.generateText.doGenerate',
  'ai.model.provider': 'openai.responses',
  'ai.model.id': 'gpt-5',
  'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"Why?"}]}]',
  'ai.response.text': 'Because.',
  'ai.response.finishReason': 'stop',
  'ai.telemetry.metadata.userId': 'ada',
  'ai.telemetry.metadata.plan': 'pro',
  'ai.telemetry.metadata.tags': ['beta'],
  'ai.usage.inputTokens': 100,
  'ai.usage.outputTokens': 40,
}
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.result': '{}' }
const OTHER_SCOPE = { instrumentationScope: { name: 'other' } }

/** A well-behaved span of each dialect. */
const DIALECTS: Readonly<Record<string, () => SpanLike>> = {
  'AI SDK 4 to 6': () => span(LEGACY, { instrumentationScope: { name: 'ai' } }),
  'an AI SDK 4 to 6 tool': () =>
    span({ 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'weather', 'ai.toolCall.args': '{}' }),
  'AI SDK 7': () =>
    span({ ...CHAT, 'ai.settings.context.userId': 'ada', 'ai.response.providerMetadata': '{"openai":{}}' }),
  'an AI SDK 7 tool': () => span(TOOL),
  'other GenAI instrumentations': () =>
    span({ ...CHAT, 'gen_ai.usage.cost': 0.1, 'openai.response.service_tier': 'flex' }, OTHER_SCOPE),
  'an embedding': () => span({ ...CHAT, 'gen_ai.operation.name': 'embeddings' }, OTHER_SCOPE),
  'a converted span': () =>
    toGenAI(span({ ...CHAT, 'spanledger.tags': ['a'], 'spanledger.metadata': '{"a":1}' }, OTHER_SCOPE)),
}

// Without these a span is no AI span any more, or another one.
const DECIDING = new Set([
  'ai.operationId',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'spanledger.kind',
  'spanledger.converter_version',
])

/** The pipeline of an application: an exporter beside the ledger. */
function pipeline(options: ConvertOptions = {}) {
  const rows: Call[] = []
  const exported: SpanLike[] = []
  const exporter = {
    onStart: () => {},
    onEnd: (ended: SpanLike) => void exported.push(ended),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const processor = new GenAISpanProcessor([exporter, new UsageSpanProcessor(listSink(rows))], options)
  const run = (hostile: SpanLike): Call | undefined => {
    const before = [exported.length, rows.length] as const
    processor.onStart(hostile as never, ROOT_CONTEXT)
    processor.onEnd(hostile)
    expect(exported.length).toBe(before[0] + 1)
    return rows[before[1]]
  }
  return { rows, exported, run }
}

/** Every attribute that is looked at on the way from this span to its row. */
function attributesRead(made: SpanLike): readonly string[] {
  const names = new Set(Object.keys(made.attributes))
  const attributes = new Proxy(made.attributes, {
    get: (target, name) => (names.add(String(name)), Reflect.get(target, name) as unknown),
    has: (target, name) => (names.add(String(name)), Reflect.has(target, name)),
  })
  pipeline().run({ ...made, attributes })
  return [...names]
}

function withAttribute(made: SpanLike, name: string, value: unknown): SpanLike {
  const attributes = Object.defineProperty({ ...made.attributes }, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return { ...made, attributes }
}

/** Misfits of a row: columns with values that no store would take. */
function misfits(row: Call): readonly string[] {
  const content = Object.entries(CONTENT_COLUMNS).filter(
    ([name, rule]) => row.content !== null && rule.parse(row.content[name as never]) === undefined,
  )
  const columns = Object.entries(CALL_COLUMNS).filter(([name, rule]) => rule.parse(row[name as never]) === undefined)
  return [...columns, ...content].map(([name]) => name)
}

async function expectStorable(rows: readonly Call[]): Promise<void> {
  expect(rows.flatMap(misfits)).toEqual([])
  const store = await openStore({ path: ':memory:' })
  try {
    expect((await store.write(rows)).rejected).toEqual([])
    for (const row of rows) {
      expect(JSON.stringify(row).length).toBeLessThan(1_048_576)
      expect(JSON.parse(JSON.stringify(row))).toEqual(row)
      expect(await store.call(callId(row))).toMatchObject({ trace_id: row.trace_id, input_tokens: row.input_tokens })
    }
  } finally {
    await store.close()
  }
}

function expectCleanPrototypes(): void {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Object.keys(Array.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
}

describe.each(Object.keys(DIALECTS))('a span of %s', (dialect) => {
  const make = DIALECTS[dialect]!

  test('has a row and is exported, whatever stands in any attribute that we read', async () => {
    const { rows, run } = pipeline()
    const withoutRow: string[] = []
    for (const name of attributesRead(make())) {
      for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
        const row = run(withAttribute(make(), name, value()))
        if (row === undefined && !DECIDING.has(name)) withoutRow.push(`${name}: ${what}`)
      }
    }
    expect(withoutRow).toEqual([])
    await expectStorable(rows)
    expectCleanPrototypes()
  })

  test('has a row when an attribute throws at being read', async () => {
    const { rows, run } = pipeline()
    const names = attributesRead(make())
    for (const name of names) run({ ...make(), attributes: withGetter({ ...make().attributes }, name) })
    expect(rows.length).toBeGreaterThanOrEqual(names.filter((name) => !DECIDING.has(name)).length)
    await expectStorable(rows)
  })

  test.each(['preview', 'full', 'none'] satisfies ContentMode[])(
    'has a small row in mode %s, however long an attribute is',
    async (content) => {
      const { rows, run } = pipeline({ content })
      const huge = Object.values(HUGE_VALUES).map((value) => value())
      for (const name of attributesRead(make())) for (const value of huge) run(withAttribute(make(), name, value))
      expect(rows.length).toBeGreaterThan(0)
      await expectStorable(rows)
    },
  )
})

describe('any span', () => {
  test('throws nothing, is exported, and its row can be stored', async () => {
    const { rows, run } = pipeline()
    const names = fc.constantFrom(...new Set(Object.values(DIALECTS).flatMap((make) => attributesRead(make()))))
    const hostile = fc.oneof(
      fc.constantFrom(...Object.values(HOSTILE_VALUES)).map((make) => make()),
      fc.anything({ withBigInt: true, withDate: true, withSparseArray: true }),
    )
    const dialect = fc.constantFrom(...Object.values(DIALECTS))
    fc.assert(
      fc.property(dialect, fc.array(fc.tuple(names, hostile), { maxLength: 8 }), (make, attributes) => {
        run(attributes.reduce((made, [name, value]) => withAttribute(made, name, value), make()))
      }),
      { numRuns: 1_000 },
    )
    await expectStorable(rows)
    expectCleanPrototypes()
  })

  test.each(Object.entries(HOSTILE_VALUES))('may be anything but a span: %s', (_, value) => {
    for (const member of [
      'name',
      'kind',
      'startTime',
      'endTime',
      'status',
      'attributes',
      'events',
      'resource',
      'instrumentationScope',
      'parentSpanContext',
      'parentSpanId',
      'links',
    ])
      pipeline().run(span(CHAT, { [member]: value() }))
    for (const member of ['traceId', 'spanId', 'traceFlags'])
      pipeline().run(span(CHAT, { spanContext: () => ({ traceId: '1', spanId: '2', [member]: value() }) }))
  })
})
