// Sentry owns the tracer provider; our processor goes into `openTelemetrySpanProcessors`. Its own integration for the AI SDK
// creates a second span for every call, which would be a second row. It is removed; Sentry shows the AI SDK's own spans.
import { OpenTelemetry } from '@ai-sdk/otel'
import * as Sentry from '@sentry/node'
import { registerTelemetry } from 'ai'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const ledger = new GenAISpanProcessor([new UsageSpanProcessor(openUsageLog('file:usage.db'))])
Sentry.init({
  dsn: process.env['SENTRY_DSN'],
  tracesSampleRate: 1,
  integrations: (integrations) => integrations.filter(({ name }) => name !== 'VercelAI'),
  openTelemetrySpanProcessors: [ledger],
})
registerTelemetry(new OpenTelemetry({ usage: true, providerMetadata: true }))

const { runApp } = await import('./app.ts')
await runApp()
// First, because Sentry waits only half a second for each processor.
await ledger.forceFlush()
await Sentry.close()
