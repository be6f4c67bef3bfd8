import { errorMessageOf } from '@spanledger/core'
import { context, propagation, ProxyTracerProvider, trace } from '@opentelemetry/api'
import type { GenAISpanProcessor, SpanProcessorLike } from '@spanledger/otel'
import type { Reporter } from '../reporter.ts'
import type { Settings } from '../settings.ts'
import { loadOpenTelemetrySdk } from './node-sdk.ts'

/** Creates the processor that converts spans for the ledger and for the given exporters. */
export type Convert = (exporters: readonly SpanProcessorLike[]) => GenAISpanProcessor

/** Our own NodeSDK. Only `shutdown` may reject. */
export interface RunningSdk {
  /** Flushes the exporters and the ledger. */
  flush(): Promise<void>
  flushExporters(): Promise<void>
  /** Gives up on calls that have not ended. */
  abandon(): void
  shutdown(): Promise<void>
}

/** Starts NodeSDK with the standard exporters and the ledger, unless a tracer provider is already registered. */
export function startSdk(settings: Settings, convert: Convert | undefined, reporter: Reporter): RunningSdk | undefined {
  if (convert === undefined && settings.exporters.length === 0) return undefined
  if (hasTracerProvider()) {
    reporter.warn(
      'tracer-provider',
      'a tracer provider is already registered and is left unchanged. To record AI calls, add these two lines where it is created: ' +
        "import { register } from 'spanledger'; … spanProcessors: [register().spanProcessor, …]",
    )
    return undefined
  }
  try {
    const openTelemetry = loadOpenTelemetrySdk(reporter)
    const exporters = openTelemetry.exportProcessors(settings.exporters)
    const converting = convert?.(exporters)
    const processors = converting === undefined ? exporters : [converting]
    const sdk = openTelemetry.startNodeSdk(settings, processors)
    return {
      flush: () => flushAll(processors),
      flushExporters: () => flushAll(exporters),
      abandon: () => converting?.abandonOpenCalls(),
      async shutdown() {
        await sdk.shutdown()
        // Removes its global registrations, so that a later `register` can start again.
        for (const api of [trace, context, propagation]) api.disable()
      },
    }
  } catch (error) {
    reporter.warn('opentelemetry', `AI calls are not recorded: ${errorMessageOf(error)}`)
    return undefined
  }
}

async function flushAll(processors: readonly SpanProcessorLike[]): Promise<void> {
  await Promise.allSettled(processors.map((processor) => processor.forceFlush()))
}

function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider()
  const delegate = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider
  return delegate.constructor.name !== 'NoopTracerProvider'
}
