import { type ContentMode, errorMessageOf, type PriceFile } from '@spanledger/core'
import { isOwnThread } from '@spanledger/store/threads'
import { createReporter } from '../reporter.ts'
import { readSettings } from '../settings.ts'
import type { Durability } from '../sink/usage-log.ts'
import { startTelemetry } from './start-telemetry.ts'
import { idleTelemetry, type Telemetry } from './telemetry.ts'

/** Options of `register`; each has an environment variable, and the option takes precedence. */
export interface RegisterOptions {
  /** Name of the application, for spans and rows; `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string
  /** Where calls are stored: `file:usage.db`; `SPANLEDGER_DATABASE`, default `file:.spanledger/usage.db`. */
  readonly database?: string
  /** How much of prompts and answers is stored: `none`, `preview`, `full`; `SPANLEDGER_CONTENT`, default `preview`. */
  readonly content?: ContentMode
  /**
   * Custom prices, or the path or `file:` URL of a `prices.json`; they take precedence over the published list.
   * `SPANLEDGER_PRICES`, a path.
   */
  readonly prices?: PriceFile | string | URL
  /**
   * What a recorded call survives: `process` (default; any end of the process), `power` (a power failure), `memory` (none);
   * `SPANLEDGER_DURABILITY`.
   */
  readonly durability?: Durability
  /** False: nothing is recorded; `SPANLEDGER_ENABLED`. */
  readonly enabled?: boolean
}

const SLOT = Symbol.for('spanledger')

/**
 * Records every AI call of this process: GenAI spans to the endpoint of the `OTEL_EXPORTER_OTLP_*` variables, one usage row
 * per call to the database, and AI SDK 7 telemetry turned on. Call it once, before the first AI call; a second call, from
 * this bundle or another, returns the same object. It never throws: problems are reported as a warning.
 */
export function register(options: RegisterOptions = {}): Telemetry {
  return registerOnce(options, { isPreloaded: false })
}

/** `register` before the application: nothing of it is loaded yet. */
export function registerPreloaded(): Telemetry {
  return registerOnce({}, { isPreloaded: true })
}

function registerOnce(options: RegisterOptions, { isPreloaded }: { isPreloaded: boolean }): Telemetry {
  const slot = globalThis as { [SLOT]?: Telemetry }
  const forget = () => delete slot[SLOT]
  // If the application preloads us into every thread, our own threads must not start a ledger.
  return (slot[SLOT] ??= isOwnThread() ? idleTelemetry() : startOrIdle(options, { isPreloaded, forget }))
}

function startOrIdle(options: RegisterOptions, start: { isPreloaded: boolean; forget: () => void }): Telemetry {
  const reporter = createReporter()
  try {
    const settings = readSettings(options, process.env)
    for (const problem of settings.problems) reporter.warn(problem, problem)
    return startTelemetry(settings, reporter, start)
  } catch (error) {
    reporter.warn('register', `AI calls are not recorded: ${errorMessageOf(error)}`)
    return idleTelemetry()
  }
}
