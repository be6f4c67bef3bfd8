import { type ContentMode, errorMessageOf, type PriceFile } from '@spanledger/core'
import { isOwnThread } from '@spanledger/store/threads'
import { createReporter } from '../reporter.ts'
import { readSettings } from '../settings.ts'
import type { Durability } from '../sink/usage-log.ts'
import { createOptionCheck } from './ignored-options.ts'
import { type StartOptions, startTelemetry } from './start-telemetry.ts'
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

/** What `register` has made in this process, for every bundle of it. */
interface Registered {
  readonly telemetry: Telemetry
  /** Warns once of the options of another call that have no effect. */
  readonly compare: (options: RegisterOptions) => void
}

/**
 * Records every AI call of this process: GenAI spans to the endpoint of the `OTEL_EXPORTER_OTLP_*` variables, one usage row
 * per call to the database, and AI SDK 7 telemetry turned on. Call it once, before the first AI call; a second call, from
 * this bundle or another, returns the same object and warns of options that have no effect any more. It never throws: problems are reported as a warning.
 */
export function register(options: RegisterOptions = {}): Telemetry {
  return registerOnce(options, { isPreloaded: false })
}

/** `register` before the application: nothing of it is loaded yet. */
export function registerPreloaded(): Telemetry {
  return registerOnce({}, { isPreloaded: true })
}

function registerOnce(options: RegisterOptions, { isPreloaded }: { isPreloaded: boolean }): Telemetry {
  const slot = globalThis as { [SLOT]?: Registered }
  const registered = slot[SLOT]
  if (registered !== undefined) {
    registered.compare(options)
    return registered.telemetry
  }
  // If the application preloads us into every thread, our own threads must not start a ledger.
  const made = isOwnThread()
    ? { telemetry: idleTelemetry(), compare: () => {} }
    : startOrIdle(options, { isPreloaded, forget: () => delete slot[SLOT] })
  slot[SLOT] = made
  return made.telemetry
}

function startOrIdle(options: RegisterOptions, start: StartOptions): Registered {
  const reporter = createReporter()
  try {
    const settings = readSettings(options, process.env)
    for (const problem of settings.problems) reporter.warn(problem, problem)
    const compare = createOptionCheck(settings, start, reporter)
    return { telemetry: startTelemetry(settings, reporter, start), compare }
  } catch (error) {
    reporter.warn('register', `AI calls are not recorded: ${errorMessageOf(error)}`)
    return { telemetry: idleTelemetry(), compare: () => {} }
  }
}
