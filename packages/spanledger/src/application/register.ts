import { isMainThread, workerData } from 'node:worker_threads'
import { context, propagation, ProxyTracerProvider, trace } from '@opentelemetry/api'
import { type ContentMode, type PriceFile, type UsageSinkStats, errorMessageOf } from '@spanledger/core'
import { GenAISpanProcessor, type SpanProcessorLike, UsageMetricsProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { hookAIModule } from './ai-module-hook.ts'
import { enableAISdk7 } from './ai-sdk-7.ts'
import { type ApplicationSink, NO_STATS } from '../sink/application-sink.ts'
import { flushOnExit } from './exit-hooks.ts'
import { loadOpenTelemetrySdk } from './node-sdk.ts'
import { loadPrices } from './application-prices.ts'
import { createReporter, type Reporter } from '../reporter.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type Durability, openApplicationSink } from '../sink/usage-log.ts'

/** Options of `register`; each has an environment variable, and the option wins. */
export interface RegisterOptions {
  /** Name of the application, for spans and rows; `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string
  /** Where calls are kept: `file:usage.db`; `SPANLEDGER_DATABASE`, default `file:.spanledger/usage.db`. */
  readonly database?: string
  /** What is kept of prompts and answers: `none`, `preview`, `full`; `SPANLEDGER_CONTENT`, default `preview`. */
  readonly content?: ContentMode
  /**
   * Prices of your own, or the path or `file:` URL of a `prices.json`; they go before the published list.
   * `SPANLEDGER_PRICES`, a path.
   */
  readonly prices?: PriceFile | string | URL
  /**
   * What a recorded call survives: `process` (default; the end of the process, however it ends), `power`, `memory`;
   * `SPANLEDGER_DURABILITY`.
   */
  readonly durability?: Durability
  /** False: nothing is converted, stamped or stored; `SPANLEDGER_ENABLED`. */
  readonly enabled?: boolean
}

/** The running ledger of a process. */
export interface Telemetry {
  /** For a tracer provider that is not ours: add it there, and calls are recorded. */
  readonly spanProcessor: SpanProcessorLike
  /** Resolves when everything that has ended is stored and sent. Never rejects. */
  flush(): Promise<void>
  /** Flushes and ends, within 5 seconds. Idempotent; never rejects. */
  shutdown(): Promise<void>
  /** What became of every call so far. */
  stats(): UsageSinkStats
}

const SLOT = Symbol.for('spanledger')
const SHUTDOWN_MS = 5_000

/**
 * Records every AI call of this process: GenAI spans to wherever the `OTEL_EXPORTER_OTLP_*` variables say, one usage row
 * per call to the database, AI SDK 7 telemetry on. Call it once, before the first AI call; a second call, from this bundle
 * or another one, gives back what the first one made. It never throws: what is wrong is said in one warning.
 */
export function register(options: RegisterOptions = {}): Telemetry {
  const slot = globalThis as { [SLOT]?: Telemetry }
  return (slot[SLOT] ??= isOwnWorker() ? idleTelemetry() : startOrIdle(options, () => delete slot[SLOT]))
}

// Our worker must not start a ledger for itself when the application preloads us into every thread.
function isOwnWorker(): boolean {
  return !isMainThread && (workerData as { spanledgerWorker?: boolean } | null)?.spanledgerWorker === true
}

function startOrIdle(options: RegisterOptions, forget: () => void): Telemetry {
  const reporter = createReporter()
  try {
    return start(options, reporter, forget)
  } catch (error) {
    reporter.warn('register', `AI calls are not recorded: ${errorMessageOf(error)}`)
    return idleTelemetry()
  }
}

function start(options: RegisterOptions, reporter: Reporter, forget: () => void): Telemetry {
  const settings = readSettings(options, process.env)
  for (const problem of settings.problems) reporter.warn(problem, problem)
  const log = settings.enabled ? openLog(settings, reporter) : undefined
  const ledger = log === undefined ? undefined : new UsageSpanProcessor(log)
  const convert = ledger === undefined ? undefined : createConvert(settings, ledger, reporter)
  const sdk = startSdk(settings, convert, reporter)
  const stopTelemetry =
    sdk === undefined && ledger === undefined ? [] : [enableAISdk7(reporter), hookAIModule(reporter)]
  const flush = async () => {
    await withinMs(Promise.allSettled([sdk?.flush(), log?.flush()]), SHUTDOWN_MS)
  }
  // The ledger is not flushed with the SDK then: what is in the journal needs no waiting for.
  const flushBeforeExit = async () => {
    await withinMs(Promise.allSettled([sdk?.flushExporters(), log?.flushBeforeExit()]), SHUTDOWN_MS)
  }
  const removeHooks =
    sdk === undefined && log === undefined
      ? () => {}
      : flushOnExit({
          flush: flushBeforeExit,
          abandon: () => sdk?.abandon(),
          flushNow: () => {
            reporter.speakNow()
            log?.flushNow()
          },
        })
  let shutdown: Promise<void> | undefined
  return {
    // Where our own NodeSDK runs, nothing has to be added anywhere.
    spanProcessor: convert === undefined || sdk !== undefined ? IDLE_PROCESSOR : convert([]),
    flush,
    shutdown: () =>
      (shutdown ??= (async () => {
        await flush()
        await Promise.allSettled([...stopTelemetry, removeHooks].map(async (stop) => stop()))
        await withinMs(Promise.allSettled([sdk?.shutdown(), log?.close()]), SHUTDOWN_MS)
        forget()
      })()),
    stats: () => log?.stats() ?? NO_STATS,
  }
}

/** Makes the processor that converts spans for the ledger, and for the exporters that it is given. */
type Convert = (exporters: readonly SpanProcessorLike[]) => GenAISpanProcessor

function createConvert(settings: Settings, ledger: UsageSpanProcessor, reporter: Reporter): Convert {
  const { content, profile } = settings
  const prices = loadPrices(settings, reporter, process.cwd())
  return (exporters) =>
    new GenAISpanProcessor([...exporters, ledger, new UsageMetricsProcessor({ profile })], { content, profile, prices })
}

function openLog(settings: Settings, reporter: Reporter): ApplicationSink | undefined {
  try {
    return openApplicationSink(settings.database, reporter, settings)
  } catch (error) {
    reporter.warn('database', `${errorMessageOf(error)}. No calls are stored until then`)
    return undefined
  }
}

interface RunningSdk {
  flush(): Promise<void>
  flushExporters(): Promise<void>
  abandon(): void
  shutdown(): Promise<void>
}

/** Starts NodeSDK with the stock exporters and the ledger, unless a tracer provider already stands. */
function startSdk(settings: Settings, convert: Convert | undefined, reporter: Reporter): RunningSdk | undefined {
  if (convert === undefined && settings.exporters.length === 0) return undefined
  if (hasTracerProvider()) {
    reporter.warn(
      'tracer-provider',
      'a tracer provider is already registered and stays as it is. To record AI calls, add these two lines where it is made: ' +
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
        // What it had registered is ours to take back, so that a later `register` can start anew.
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

const IDLE_PROCESSOR: SpanProcessorLike = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
}

function idleTelemetry(): Telemetry {
  return { spanProcessor: IDLE_PROCESSOR, flush: async () => {}, shutdown: async () => {}, stats: () => NO_STATS }
}

async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, timeout])
  clearTimeout(timer)
}
