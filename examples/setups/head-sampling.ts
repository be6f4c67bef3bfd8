// Exports one trace in ten, but stores every AI call in the ledger.
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, recordUnsampled, UsageSpanProcessor } from 'spanledger'

const sdk = new NodeSDK({
  serviceName: 'shop',
  sampler: recordUnsampled(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) })),
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
await runApp(100)
await sdk.shutdown()
