import { type Attributes, context, type Span, trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { type Call, createPriceBook, priceCall, settleTrace } from '@spanledger/core'
import { GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { expect, test } from 'vitest'
import { listSink } from '../conformance/ledger.ts'

const PRICES = createPriceBook({
  custom: {
    schema: 1,
    prices: [{ provider: 'openai', model: 'gpt-5', per_mtok: { input: '1.25', output: '10', cache_read: '0.125' } }],
  },
})

// 1,000 tokens at 1,250 nano-USD, of which 400 are cached at 125, and 200 at 10,000.
const COST = 600 * 1_250 + 400 * 125 + 200 * 10_000

const MODEL = {
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.usage.input_tokens': 1_000,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.output_tokens': 200,
}
const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner', ...MODEL }
const CHAT = { 'gen_ai.operation.name': 'chat', ...MODEL }
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }

type Start = (attributes: Attributes, parent?: Span) => Span

function rowsOf(work: (start: Start) => void): Call[] {
  const rows: Call[] = []
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))], { prices: PRICES })
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('foreign')
  work((attributes, parent) =>
    tracer.startSpan(
      'span',
      { attributes },
      parent === undefined ? context.active() : trace.setSpan(context.active(), parent),
    ),
  )
  return rows
}

function rowOf(rows: readonly Call[], kind: Call['kind']): Call | undefined {
  return rows.find((row) => row.kind === kind)
}

function sumOf(rows: readonly Call[]): { readonly cost: number; readonly input: number } {
  const billed = rows.filter((row) => row.billable === 1)
  return {
    cost: billed.reduce((sum, row) => sum + (row.cost_nano_usd ?? 0), 0),
    input: billed.reduce((sum, row) => sum + (row.input_tokens ?? 0), 0),
  }
}

test('a run with a model call below it bills nothing', () => {
  const rows = rowsOf((start) => {
    const agent = start(AGENT)
    start(CHAT, agent).end()
    agent.end()
  })
  expect(rowOf(rows, 'run')).toMatchObject({ billable: 0, cost_nano_usd: null, cost_flags: null, provider: 'openai' })
  expect(rowOf(rows, 'model')).toMatchObject({ billable: 1, cost_nano_usd: COST, cost_flags: null })
  expect(sumOf(rows)).toEqual({ cost: COST, input: 1_000 })
})

test('a run whose model calls nobody saw stands for them', () => {
  const rows = rowsOf((start) => {
    const agent = start(AGENT)
    start(TOOL, agent).end()
    agent.end()
  })
  expect(rowOf(rows, 'run')).toMatchObject({
    kind: 'run',
    billable: 1,
    call_type: 'INVOKE_AGENT',
    provider: 'openai',
    model: 'gpt-5',
    request_model: 'gpt-5',
    input_tokens: 1_000,
    cache_read_tokens: 400,
    output_tokens: 200,
    usage_source: 'span',
    cost_nano_usd: COST,
    cost_source: 'custom',
    cost_flags: ['root_fallback'],
  })
  expect(sumOf(rows)).toEqual({ cost: COST, input: 1_000 })
})

test('one that failed does too', () => {
  const rows = rowsOf((start) => start({ ...AGENT, 'error.type': 'timeout' }).end())
  expect(rows).toMatchObject([{ status: 'error', billable: 1, cost_nano_usd: COST, cost_flags: ['root_fallback'] }])
})

test.each([
  ['deep below it', (start: Start, agent: Span) => start(CHAT, start(TOOL, start(AGENT, agent))).end()],
  ['below a span that is no AI span', (start: Start, agent: Span) => start(CHAT, start({}, agent)).end()],
  ['that never ends', (start: Start, agent: Span) => void start(CHAT, agent)],
])('a model call %s keeps it from that', (_, work) => {
  const rows = rowsOf((start) => {
    const agent = start(AGENT)
    work(start, agent)
    agent.end()
  })
  expect(rows.find((row) => row.parent_span_id === null)).toMatchObject({ kind: 'run', billable: 0 })
})

test('of agents within agents only the outermost one stands for lost calls', () => {
  const rows = rowsOf((start) => {
    const agent = start(AGENT)
    start(AGENT, agent).end()
    agent.end()
  })
  expect(rows.map((row) => [row.parent_span_id === null, row.billable])).toEqual([
    [false, 0],
    [true, 1],
  ])
  expect(sumOf(rows)).toEqual({ cost: COST, input: 1_000 })
  expect(settleTrace(rows)).toEqual(rows)
})

test('a run that says nothing of tokens bills nothing', () => {
  const rows = rowsOf((start) => start({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' }).end())
  expect(rows).toMatchObject([{ kind: 'run', billable: 0, cost_flags: null, cost_reason: null }])
})

test('neither does a root of AI SDK 4 to 6, whose numbers are no totals', () => {
  const rows = rowsOf((start) =>
    start({
      'ai.operationId': 'ai.generateText',
      'ai.model.provider': 'openai.chat',
      'ai.model.id': 'gpt-5',
      'ai.response.finishReason': 'stop',
      'ai.usage.promptTokens': 1_000,
      'ai.usage.completionTokens': 200,
    }).end(),
  )
  expect(rows).toMatchObject([
    { kind: 'run', billable: 0, provider: 'openai', input_tokens: null, cost_nano_usd: null },
  ])
})

test('pricing its row anew says the same', () => {
  const [row] = rowsOf((start) => start(AGENT).end()) as [Call]
  expect(priceCall(row, PRICES)).toMatchObject({ costNanoUsd: COST, source: 'custom', flags: ['root_fallback'] })
})
