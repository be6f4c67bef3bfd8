import { context, trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { type Call, mergeCall } from '@spanledger/core'
import { GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { listSink } from '../conformance/ledger.ts'

function tracerInto(rows: Call[], options: ConstructorParameters<typeof GenAISpanProcessor>[1] = {}) {
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))], options)
  return { processor, tracer: new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('ai') }
}

const ROOT = { attributes: { 'ai.operationId': 'ai.streamText', 'ai.telemetry.metadata.userId': 'ada' } }
const STREAM = {
  attributes: {
    'ai.operationId': 'ai.streamText.doStream',
    'ai.model.provider': 'openai.chat',
    'gen_ai.request.model': 'gpt-5',
    'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"Tell me a story"}]}]',
  },
}

describe('a provider call whose span never ends', () => {
  test('is aborted when its run ends without it, with what was known at its start', () => {
    const rows: Call[] = []
    const { tracer } = tracerInto(rows)
    const root = tracer.startSpan('ai.streamText', ROOT)
    tracer.startSpan('ai.streamText.doStream', STREAM, trace.setSpan(context.active(), root))
    root.end()
    expect(rows.map((row) => [row.kind, row.status])).toEqual([
      ['model', 'aborted'],
      ['run', 'aborted'],
    ])
    expect(rows[0]).toMatchObject({
      billable: 1,
      model: 'gpt-5',
      provider: 'openai',
      user_id: 'ada',
      input_tokens: null,
      output_tokens: null,
      cost_nano_usd: null,
      cost_reason: 'no_usage',
      usage_source: 'none',
      ended_at: null,
      content: { question: 'Tell me a story' },
    })
  })

  test('is abandoned after a time', async () => {
    const rows: Call[] = []
    const { tracer, processor } = tracerInto(rows, { abandonAfterMs: 20 })
    tracer.startSpan('ai.streamText.doStream', STREAM)
    await sleep(100)
    expect(rows.map((row) => row.status)).toEqual(['abandoned'])
    await processor.shutdown()
  })

  test('is abandoned at shutdown', async () => {
    const rows: Call[] = []
    const { tracer, processor } = tracerInto(rows)
    tracer.startSpan('ai.streamText.doStream', STREAM)
    await processor.shutdown()
    expect(rows.map((row) => row.status)).toEqual(['abandoned'])
  })

  test('gives way to its end when that comes after all', async () => {
    const rows: Call[] = []
    const { tracer } = tracerInto(rows, { abandonAfterMs: 20 })
    const span = tracer.startSpan('ai.streamText.doStream', STREAM)
    await sleep(100)
    span.setAttributes({
      'ai.response.finishReason': 'stop',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
    })
    span.end()
    const [open, ended] = rows as [Call, Call]
    expect(mergeCall(open, ended)).toEqual(mergeCall(ended, open))
    expect(mergeCall(open, ended)).toMatchObject({ status: 'ok', input_tokens: 10, output_tokens: 5 })
    expect(mergeCall(open, ended).ended_at).toBe(ended.ended_at)
  })

  test('does not stay in memory: beyond 10,000 open calls the oldest is given up', async () => {
    const rows: Call[] = []
    const { tracer, processor } = tracerInto(rows)
    for (let index = 0; index < 10_003; index += 1) tracer.startSpan('ai.streamText.doStream', STREAM)
    expect(rows.map((row) => row.status)).toEqual(['abandoned', 'abandoned', 'abandoned'])
    await processor.shutdown()
    expect(rows).toHaveLength(10_003)
  })
})
