import { isMainThread, workerData } from 'node:worker_threads'
import { type ContentMode, errorMessageOf, type PriceFile } from '@spanledger/core'
import { createReporter } from '../reporter.ts'
import { readSettings } from '../settings.ts'
import type { Durability } from '../sink/usage-log.ts'
import { startTelemetry } from './start-telemetry.ts'
import { idleTelemetry, type Telemetry } from './telemetry.ts'

/** Options of `register`; each has an environment variable, and the option wins. */
export interface RegisterOptions {
  /** Name of the application, for spans and rows; `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string
  /** Where calls are stored: `file:usage.db`; `SPANLEDGER_DATABASE`, default `file:.spanledger/usage.db`. */
  readonly database?: string
  /** How much of prompts and answers is stored: `none`, `preview`, `full`; `SPANLEDGER_CONTENT`, default `preview`. */
  readonly content?: ContentMode
  /**
   * Prices of your own, or the path or `file:` URL of a `prices.json`; they have precedence over the published list.
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

const SLOT = Symbol.for('spanledger')

/**
 * Records every AI call of this process: GenAI spans to wherever the `OTEL_EXPORTER_OTLP_*` variables say, one usage row
 * per call to the database, AI SDK 7 telemetry on. Call it once, before the first AI call; a second call, from this bundle
 * or another one, returns what the first one made. It never throws: what is wrong is reported in one warning.
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
    const settings = readSettings(options, process.env)
    for (const problem of settings.problems) reporter.warn(problem, problem)
    return startTelemetry(settings, reporter, forget)
  } catch (error) {
    reporter.warn('register', `AI calls are not recorded: ${errorMessageOf(error)}`)
    return idleTelemetry()
  }
}
