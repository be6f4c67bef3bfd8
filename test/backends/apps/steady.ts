// Makes one AI call after another by two roads, and prints what the Collector has said it has: the ids of those spans.
// Arguments: base URL of the provider, database, number of calls, milliseconds between them.
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { generateText, registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

// ExportResultCode.SUCCESS, of a package that comes along with others.
const TAKEN = 0

const [, , baseURL = '', database = '', count = '1', pauseMs = '0'] = process.argv

const sdk = new NodeSDK({
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor(telling(new OTLPTraceExporter()), { scheduledDelayMillis: 200 }),
      new UsageSpanProcessor(openUsageLog(database)),
    ]),
  ],
})
sdk.start()
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true }))

const openai = createOpenAI({ apiKey: 'test', baseURL })
for (let call = 0; call < Number(count); call += 1) {
  await generateText({ model: openai('gpt-5-mini'), prompt: `Call ${call}` })
  await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)))
}
// The exporter rejects with what the Collector did not take; that is not what is looked at here.
await sdk.shutdown().catch(() => {})

function telling(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const code: number = result.code
        if (code === TAKEN) for (const span of spans) console.log(idOf(span))
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}

function idOf(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext()
  return `${traceId}-${spanId}`
}
