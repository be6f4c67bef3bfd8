// NodeSDK with other instrumentations. The AI call's parent is the span of the request that made it; the requests
// by which spans are exported make no spans.
import { register as registerLoader } from 'node:module'
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

// Without it no ES module sees an instrumented `http`.
registerLoader('@opentelemetry/instrumentation/hook.mjs', import.meta.url)

const sdk = new NodeSDK({
  serviceName: 'shop',
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor(new OTLPTraceExporter()),
      new UsageSpanProcessor(openUsageLog('file:usage.db')),
    ]),
  ],
})
sdk.start()
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true }))

const { runApp } = await import('./app.ts')
await runApp()
await sdk.shutdown()
