import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { recordUnsampled, type SamplerLike, type SpanProcessorLike } from '@spanledger/otel'
import { isError } from '@spanledger/core'
import type { Reporter } from '../reporter.ts'
import type { ExporterSettings, Settings } from '../settings.ts'

/** The part of `NodeSDK` that we call. */
export interface NodeSdkLike {
  start(): void
  shutdown(): Promise<void>
}

interface Tracing {
  readonly BatchSpanProcessor: new (exporter: unknown) => SpanProcessorLike
  readonly SimpleSpanProcessor: new (exporter: unknown) => SpanProcessorLike
  readonly ConsoleSpanExporter: new () => unknown
  readonly AlwaysOnSampler: new () => SamplerLike
  readonly AlwaysOffSampler: new () => SamplerLike
  readonly TraceIdRatioBasedSampler: new (ratio: number) => SamplerLike
  readonly ParentBasedSampler: new (options: { root: SamplerLike }) => SamplerLike
}

/** The part of `SpanExporter` that processors call. */
interface ExporterLike {
  export(spans: unknown, done: (result: { readonly code: number; readonly error?: unknown }) => void): void
  forceFlush?(): Promise<void>
  shutdown(): Promise<void>
}

/** OpenTelemetry's Node SDK as installed in the application: line 2 (sdk-node 0.2xx) or 3 (0.30x). */
export interface OpenTelemetrySdk {
  /** Standard processors for the exporters of the `OTEL_*` variables. */
  exportProcessors(exporters: readonly ExporterSettings[]): SpanProcessorLike[]
  /** Starts a NodeSDK whose sampler hides no call from the ledger. */
  startNodeSdk(settings: Settings, spanProcessors: readonly SpanProcessorLike[]): NodeSdkLike
}

const EXPORTERS = {
  'http/protobuf': '@opentelemetry/exporter-trace-otlp-proto',
  'http/json': '@opentelemetry/exporter-trace-otlp-http',
  grpc: '@opentelemetry/exporter-trace-otlp-grpc',
} as const

/** Loads the SDK from the application; throws a sentence with the command that installs it. */
export function loadOpenTelemetrySdk(reporter: Reporter): OpenTelemetrySdk {
  const { sdkNode, requireFromSdk } = loadSdkNode()
  // Line 3 has no `tracing` namespace, and its processors take options instead of an exporter.
  const isLine2 = sdkNode.tracing !== undefined
  const tracing = sdkNode.tracing ?? (requireFromSdk('@opentelemetry/sdk-trace') as Tracing) // the same classes by another name
  const processorOf = (Processor: Tracing['BatchSpanProcessor'], exporter: unknown) =>
    new Processor(isLine2 ? exporter : { exporter })
  return {
    exportProcessors: (exporters) =>
      exporters.flatMap(({ kind, protocol }) => {
        try {
          if (kind === 'console') return processorOf(tracing.SimpleSpanProcessor, new tracing.ConsoleSpanExporter())
          const { OTLPTraceExporter } = requireFromSdk(EXPORTERS[protocol]) as {
            OTLPTraceExporter: new () => ExporterLike
          } // its public class
          return processorOf(tracing.BatchSpanProcessor, reportingFailures(new OTLPTraceExporter(), reporter))
        } catch (error) {
          reporter.warn('exporter', `spans are not sent: ${messageOf(error)}; check the OTEL_EXPORTER_OTLP_* variables`)
          return []
        }
      }),
    startNodeSdk: (settings, spanProcessors) =>
      withoutDefaultExporters(() => {
        const sdk = new sdkNode.NodeSDK({
          spanProcessors,
          sampler: settings.enabled ? recordUnsampled(samplerOf(tracing, settings)) : samplerOf(tracing, settings),
          instrumentations: [],
          ...(settings.serviceName === undefined ? {} : { serviceName: settings.serviceName }),
        })
        sdk.start()
        return sdk
      }),
  }
}

// Without these variables NodeSDK sends metrics and logs to localhost, and waits for that at shutdown. No option turns it
// off, so the variables are set while it is created and started.
function withoutDefaultExporters<Sdk>(start: () => Sdk): Sdk {
  const unset = (['METRICS', 'LOGS'] as const).filter((signal) =>
    [`OTEL_${signal}_EXPORTER`, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].every(
      (name) => (process.env[name] ?? '').trim() === '',
    ),
  )
  const before = unset.map((signal) => [`OTEL_${signal}_EXPORTER`, process.env[`OTEL_${signal}_EXPORTER`]] as const)
  for (const [name] of before) process.env[name] = 'none'
  try {
    return start()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}

function loadSdkNode(): {
  sdkNode: { NodeSDK: new (options: object) => NodeSdkLike; tracing?: Tracing }
  requireFromSdk: (name: string) => unknown
} {
  for (const from of [pathToFileURL(`${process.cwd()}/`), import.meta.url]) {
    const require = createRequire(from)
    let path: string
    try {
      path = require.resolve('@opentelemetry/sdk-node')
    } catch {
      continue
    }
    return { sdkNode: require(path), requireFromSdk: createRequire(path) }
  }
  throw new Error(
    '@opentelemetry/sdk-node is not installed; run: npm install @opentelemetry/sdk-node @opentelemetry/api',
  )
}

// A processor reports export failures only to `diag`, which is silent by default.
function reportingFailures(exporter: ExporterLike, reporter: Reporter): ExporterLike {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== EXPORTED) {
          reporter.warn(
            'export-failed',
            `spans could not be sent: ${messageOf(result.error)}. Check that a collector listens at OTEL_EXPORTER_OTLP_ENDPOINT; calls are still recorded`,
          )
        }
        done(result)
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

const EXPORTED = 0

function messageOf(error: unknown): string {
  if (isError(error) && 'errors' in error && Array.isArray(error.errors) && error.message === '')
    return messageOf(error.errors[0])
  return isError(error) ? error.message : 'no reason given'
}

// NodeSDK ignores these variables when it gets a sampler.
function samplerOf(tracing: Tracing, settings: Settings): SamplerLike {
  const ratio = settings.samplerArgument === undefined ? 1 : Number(settings.samplerArgument)
  const [, parentBased, name] = /^(parentbased_)?(.*)$/.exec(settings.sampler) ?? []
  const root =
    name === 'always_off'
      ? new tracing.AlwaysOffSampler()
      : name === 'traceidratio' && ratio >= 0 && ratio <= 1
        ? new tracing.TraceIdRatioBasedSampler(ratio)
        : new tracing.AlwaysOnSampler()
  return parentBased === undefined ? root : new tracing.ParentBasedSampler({ root })
}
