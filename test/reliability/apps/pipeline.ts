import { type Span, SpanKind, trace, type Tracer } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { UsageSinkStats } from '@spanledger/core'
import { GenAISpanProcessor, openUsageLog, register, UsageSpanProcessor } from 'spanledger'
import type { Plan } from './plan.ts'

/** What an application has of us. */
export interface Pipeline {
  readonly tracer: Tracer
  stats(): UsageSinkStats
  shutdown(): Promise<void>
}

/** Sets us up as the plan says, the way that an application does. */
export function openPipeline({ database, durability, maxJournalBytes, registers = false }: Plan): Pipeline {
  if (registers) {
    const telemetry = register({ database, ...(durability === undefined ? {} : { durability }) })
    return { tracer: trace.getTracer('app'), stats: telemetry.stats, shutdown: telemetry.shutdown }
  }
  const log = openUsageLog(database, { durability, maxJournalBytes })
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(log)])
  const provider = new BasicTracerProvider({ spanProcessors: [processor] })
  return { tracer: provider.getTracer('app'), stats: () => log.stats(), shutdown: () => provider.shutdown() }
}

const INPUT_TOKENS = 100
const OUTPUT_TOKENS = 40

/** Begins a provider call, as instrumentation of the GenAI conventions does. */
export function startCall(tracer: Tracer, characters = 100): Span {
  return tracer.startSpan('chat gpt-5', {
    kind: SpanKind.CLIENT,
    root: true,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Why? '.repeat(characters / 5) }] },
      ]),
    },
  })
}

/** Ends it with what it has used. */
export function endCall(span: Span): void {
  span.setAttributes({
    'gen_ai.response.model': 'gpt-5',
    'gen_ai.usage.input_tokens': INPUT_TOKENS,
    'gen_ai.usage.output_tokens': OUTPUT_TOKENS,
  })
  span.end()
}

/** As every output of ours names it. */
export function idOf(span: Span): string {
  const { traceId, spanId } = span.spanContext()
  return `${traceId}-${spanId}`
}
