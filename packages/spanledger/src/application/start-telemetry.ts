import { errorMessageOf } from '@spanledger/core'
import { within } from '@spanledger/journal/time'
import { GenAISpanProcessor, UsageMetricsProcessor, UsageSpanProcessor } from '@spanledger/otel'
import type { Reporter } from '../reporter.ts'
import type { Settings } from '../settings.ts'
import { type ApplicationSink, NO_STATS } from '../sink/application-sink.ts'
import { openApplicationSink, openIdleLedger } from '../sink/usage-log.ts'
import { hookAIModule } from './ai-module-hook.ts'
import { enableAISdk7 } from './ai-sdk-7.ts'
import { loadPrices } from './application-prices.ts'
import { type ExitWork, flushOnExit } from './exit-hooks.ts'
import { watchProviderTraffic } from './provider-traffic.ts'
import { type Convert, type RunningSdk, startSdk } from './start-sdk.ts'
import { IDLE_PROCESSOR, type Telemetry } from './telemetry.ts'

const SHUTDOWN = { ms: 5_000, onLate: () => undefined }

/** How telemetry is started. */
export interface StartOptions {
  /** True if nothing of the application is loaded yet. */
  readonly isPreloaded: boolean
  /** Called after the shutdown. */
  readonly forget: () => void
}

/** Starts the ledger, NodeSDK, AI SDK telemetry and the exit hooks, as the settings require. */
export function startTelemetry(settings: Settings, reporter: Reporter, start: StartOptions): Telemetry {
  const log = settings.enabled ? openLog(settings, reporter) : undefined
  const removeIdleLedger = settings.enabled ? () => {} : openIdleLedger(settings.database, settings.token)
  const convert = log === undefined ? undefined : createConvert(settings, new UsageSpanProcessor(log), reporter)
  const sdk = startSdk(settings, convert, reporter)
  const isIdle = sdk === undefined && log === undefined
  const stopTelemetry = isIdle ? [] : [enableAISdk7(reporter), hookAIModule(reporter, start)]
  const traffic = log === undefined ? undefined : watchProviderTraffic()
  const report = () => {
    traffic?.stop()
    if (log?.stats().generated === 0) traffic?.warnOfUnrecorded(reporter)
  }
  const removeHooks = isIdle ? () => {} : flushOnExit(exitWork({ sdk, log, reporter, report }))
  const flush = async () => {
    await within(Promise.allSettled([sdk?.flush(), log?.flush()]), SHUTDOWN)
  }
  const shutDown = async () => {
    await flush()
    await Promise.allSettled([...stopTelemetry, removeHooks].map(async (stop) => stop()))
    await within(Promise.allSettled([sdk?.shutdown(), log?.close()]), SHUTDOWN)
    report()
    removeIdleLedger()
    start.forget()
  }
  let shutdown: Promise<void> | undefined
  return {
    // With our own NodeSDK there is no other provider to add it to.
    spanProcessor: convert === undefined || sdk !== undefined ? IDLE_PROCESSOR : convert([]),
    flush,
    shutdown: () => (shutdown ??= shutDown()),
    stats: () => log?.stats() ?? NO_STATS,
  }
}

interface EndingParts {
  readonly sdk: RunningSdk | undefined
  readonly log: ApplicationSink | undefined
  readonly reporter: Reporter
  readonly report: () => void
}

function exitWork({ sdk, log, reporter, report }: EndingParts): ExitWork {
  return {
    // Not the whole ledger: calls in the journal are safe.
    async flush() {
      await within(Promise.allSettled([sdk?.flushExporters(), log?.flushBeforeExit()]), SHUTDOWN)
    },
    abandon: () => sdk?.abandon(),
    flushNow() {
      reporter.speakNow()
      log?.flushNow()
    },
    report() {
      reporter.speakNow()
      report()
    },
  }
}

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
    reporter.warn('database', `${errorMessageOf(error)}. No calls are stored until this is fixed`)
    return undefined
  }
}
