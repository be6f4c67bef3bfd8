// The processors of Langfuse and OpenInference next to ours. Each receives the unchanged spans of the AI SDK.
import { OpenTelemetry } from '@ai-sdk/otel'
import { OpenInferenceSimpleSpanProcessor } from '@arizeai/openinference-vercel'
import { LangfuseSpanProcessor } from '@langfuse/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const url = (vendor: string) => `${process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? 'http://127.0.0.1:4318'}/${vendor}`

const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [
    new LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk', baseUrl: url('langfuse') }),
    new OpenInferenceSimpleSpanProcessor({
      exporter: new OTLPTraceExporter({ url: `${url('openinference')}/v1/traces` }),
    }),
    new GenAISpanProcessor([new UsageSpanProcessor(openUsageLog('file:usage.db'))]),
  ],
})
sdk.start()
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true }))

const { runApp } = await import('./app.ts')
await runApp()
await sdk.shutdown()
