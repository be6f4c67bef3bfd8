// `registerOTel` of @vercel/otel, as in a Next.js instrumentation file. `auto` is the exporter of @vercel/otel.
import { OpenTelemetry } from '@ai-sdk/otel'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { registerOTel } from '@vercel/otel'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const processor = new GenAISpanProcessor([
  new BatchSpanProcessor(new OTLPTraceExporter()),
  new UsageSpanProcessor(openUsageLog('file:usage.db')),
])
registerOTel({ serviceName: 'shop', spanProcessors: [processor] })
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true, tracer: trace.getTracer('gen_ai') }))

const { runApp } = await import('./app.ts')
await runApp()
await processor.shutdown()
