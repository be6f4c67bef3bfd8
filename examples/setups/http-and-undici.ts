// NodeSDK with other instrumentations. The parent of an AI call is the span of the incoming request. Export requests
// create no spans.
import { register as registerLoader } from 'node:module'
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

// Without this, ES modules import an uninstrumented `http`.
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
