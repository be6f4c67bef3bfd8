// Registers @ai-sdk/otel itself, before or after which spanledger has been preloaded.
import { OpenTelemetry } from '@ai-sdk/otel'
import { registerTelemetry } from 'ai'

registerTelemetry(new OpenTelemetry())
await import('./seven.ts')
