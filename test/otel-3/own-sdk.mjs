// An application with a NodeSDK 3.x of its own that lists both processors, as the README shows for that line.
import { registerTelemetry } from 'ai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const sdk = new NodeSDK({
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }),
      new UsageSpanProcessor(openUsageLog(process.env.SPANLEDGER_DATABASE)),
    ]),
  ],
})
sdk.start()
// After the start: @ai-sdk/otel has an older copy of the API, and what it asks for before then stays without a provider.
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true }))
await import('./app.mjs')
await sdk.shutdown()
