// An existing OpenTelemetry set-up. It lists both processors, because NodeSDK ignores `traceExporter` and
// OTEL_TRACES_EXPORTER if it has span processors.
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor(new OTLPTraceExporter()), // Jaeger or any other backend
      new UsageSpanProcessor(openUsageLog('file:usage.db')), // one row per call
    ]),
  ],
})
sdk.start()
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true })) // AI SDK 7

await import('./app.ts')
await sdk.shutdown()
