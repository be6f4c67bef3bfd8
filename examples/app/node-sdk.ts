import { OpenTelemetry } from '@ai-sdk/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

export const sdk = new NodeSDK({
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor(new OTLPTraceExporter()), // Jaeger or any backend, stock exporter
      new UsageSpanProcessor(openUsageLog('file:usage.db')), // one row per call
    ]),
  ],
})
sdk.start()
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true })) // AI SDK 7; after the start
