// The edge has no files, so calls are posted to `spanledger serve`. @vercel/otel provides the tracer and the context.
import { OpenTelemetry } from '@ai-sdk/otel'
import { GenAISpanProcessor, httpSink, UsageSpanProcessor } from '@spanledger/otel'
import { registerOTel } from '@vercel/otel'
import { registerTelemetry } from 'ai'

const url = process.env.SPANLEDGER_URL ?? 'http://127.0.0.1:4319'
const processor = new GenAISpanProcessor([
  new UsageSpanProcessor(httpSink(url, { token: process.env.SPANLEDGER_TOKEN })),
])
registerOTel({ serviceName: 'shop', spanProcessors: [processor] })
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true })) // AI SDK 7

export const flush = () => processor.forceFlush()
