import type { ContentMode, PriceFile } from '@spanledger/core'
import { type OptionName, unknownOptions, unknownVariables, type VariableName } from './settings-names.ts'
import type { Durability, UsageLogOptions } from './sink/usage-log.ts'

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** An exporter that the `OTEL_*` variables configure, with OpenTelemetry's names. */
export interface ExporterSettings {
  readonly kind: 'otlp' | 'console'
  readonly protocol: 'http/protobuf' | 'http/json' | 'grpc'
}

/** The settings of `register`, from options and environment. Options take precedence. */
export interface Settings {
  readonly enabled: boolean
  readonly database: string
  readonly content: ContentMode
  /** Custom prices, or the location of their file. */
  readonly prices: PriceFile | string | URL | undefined
  readonly durability: Durability
  /** Folder of the journal. */
  readonly journal: string | undefined
  readonly maxJournalBytes: number | undefined
  readonly whenFull: UsageLogOptions['whenFull']
  /** For a database that is a Spanledger server. */
  readonly token: string | undefined
  readonly serviceName: string | undefined
  readonly exporters: readonly ExporterSettings[]
  /** `latest` when `OTEL_SEMCONV_STABILITY_OPT_IN` lists `gen_ai_latest_experimental`. */
  readonly profile: 'compatible' | 'latest'
  readonly sampler: string
  readonly samplerArgument: string | undefined
  /** Problems of the environment, each a sentence that says what would work. */
  readonly problems: readonly string[]
}

/** Options of `register` that the environment can also set. */
export interface SettingsOptions extends Readonly<Partial<Record<OptionName, unknown>>> {
  readonly enabled?: boolean | undefined
  readonly database?: string | undefined
  readonly content?: ContentMode | undefined
  readonly prices?: PriceFile | string | URL | undefined
  readonly durability?: Durability | undefined
  readonly serviceName?: string | undefined
}

export const DEFAULT_DATABASE = 'file:.spanledger/usage.db'

const LATEST = 'gen_ai_latest_experimental'
const CONTENT_MODES = ['none', 'preview', 'full'] as const
const DURABILITIES = ['process', 'power', 'memory'] as const
const WHEN_FULL = ['drop-newest', 'drop-oldest'] as const
const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const

/** Reads options and environment. Never throws: `problems` lists what it could not use. */
export function readSettings(options: SettingsOptions, environment: Environment): Settings {
  const problems: string[] = [...unknownOptions(options), ...unknownVariables(environment)]
  const variable = (name: VariableName) => environment[name]
  return {
    enabled: options.enabled ?? flagOf(variable('SPANLEDGER_ENABLED')) ?? true,
    database: textOf(options.database) ?? textOf(variable('SPANLEDGER_DATABASE')) ?? DEFAULT_DATABASE,
    content: contentOf(options.content ?? variable('SPANLEDGER_CONTENT'), problems) ?? 'preview',
    prices: options.prices ?? textOf(variable('SPANLEDGER_PRICES')),
    token: textOf(variable('SPANLEDGER_TOKEN')),
    ...journalOf(options, variable, problems),
    serviceName: options.serviceName,
    exporters: exportersOf(environment, problems),
    profile: (environment['OTEL_SEMCONV_STABILITY_OPT_IN'] ?? '').split(',').some((name) => name.trim() === LATEST)
      ? 'latest'
      : 'compatible',
    ...samplerOf(environment, problems),
    problems,
  }
}

type JournalSettings = Pick<Settings, 'durability' | 'journal' | 'maxJournalBytes' | 'whenFull'>

const MEGABYTE = 1024 * 1024
const MIN_MEGABYTES = 1

function journalOf(
  options: SettingsOptions,
  variable: (name: VariableName) => string | undefined,
  problems: string[],
): JournalSettings {
  const oneOf = <Word extends string>(name: string, text: unknown, words: readonly Word[]): Word | undefined => {
    const word = words.find((known) => known === textOf(text))
    if (textOf(text) !== undefined && word === undefined) {
      problems.push(`Unknown ${name} "${textOf(text)}"; use ${words.join(', ')}. Using ${words[0]}`)
    }
    return word
  }
  const megabytes = textOf(variable('SPANLEDGER_JOURNAL_MB'))
  const isSize = megabytes === undefined || Number(megabytes) >= MIN_MEGABYTES
  if (!isSize) problems.push(`SPANLEDGER_JOURNAL_MB "${megabytes}" must be a number of megabytes from 1. Using 512`)
  const durability = options.durability ?? variable('SPANLEDGER_DURABILITY')
  return {
    durability: oneOf('SPANLEDGER_DURABILITY', durability, DURABILITIES) ?? 'process',
    journal: textOf(variable('SPANLEDGER_JOURNAL')),
    maxJournalBytes: isSize && megabytes !== undefined ? Number(megabytes) * MEGABYTE : undefined,
    whenFull: oneOf('SPANLEDGER_JOURNAL_FULL', variable('SPANLEDGER_JOURNAL_FULL'), WHEN_FULL),
  }
}

function flagOf(text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined
  return !/^(false|0|off|no)$/i.test(text.trim())
}

// Samplers of the OpenTelemetry specification that the Node SDK supports.
const SAMPLERS = /^(parentbased_)?(always_on|always_off|traceidratio)$/

function samplerOf(environment: Environment, problems: string[]): Pick<Settings, 'sampler' | 'samplerArgument'> {
  const sampler = textOf(environment['OTEL_TRACES_SAMPLER']) ?? DEFAULT_SAMPLER
  if (!SAMPLERS.test(sampler)) {
    problems.push(
      `Unknown OTEL_TRACES_SAMPLER "${sampler}"; use always_on, always_off, traceidratio, or one of them with the prefix parentbased_. Using ${DEFAULT_SAMPLER}`,
    )
    return { sampler: DEFAULT_SAMPLER, samplerArgument: undefined }
  }
  const samplerArgument = textOf(environment['OTEL_TRACES_SAMPLER_ARG'])
  const ratio = Number(samplerArgument ?? 1)
  if (sampler.endsWith('traceidratio') && !(ratio >= 0 && ratio <= 1)) {
    problems.push(`OTEL_TRACES_SAMPLER_ARG "${samplerArgument}" must be a number from 0 to 1. Using 1`)
    return { sampler, samplerArgument: undefined }
  }
  return { sampler, samplerArgument }
}

const DEFAULT_SAMPLER = 'parentbased_always_on'

function contentOf(text: string | undefined, problems: string[]): ContentMode | undefined {
  const mode = textOf(text)
  if (mode === undefined) return undefined
  const known = CONTENT_MODES.find((name) => name === mode)
  if (known === undefined)
    problems.push(
      `Unknown content mode "${mode}" (SPANLEDGER_CONTENT); use ${CONTENT_MODES.join(', ')}. No prompts or answers are kept`,
    )
  // A misspelt mode must not keep more content than intended.
  return known ?? 'none'
}

// Spans are exported only if the standard variables say where.
function exportersOf(environment: Environment, problems: string[]): ExporterSettings[] {
  if (flagOf(environment['OTEL_SDK_DISABLED']) === true) {
    problems.push(
      'OTEL_SDK_DISABLED turns the OpenTelemetry SDK off, so no AI call is recorded; unset it, or also set SPANLEDGER_ENABLED=false',
    )
    return []
  }
  const named = textOf(environment['OTEL_TRACES_EXPORTER'])
  const endpoint =
    textOf(environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) ?? textOf(environment['OTEL_EXPORTER_OTLP_ENDPOINT'])
  const names = (named ?? (endpoint === undefined ? 'none' : 'otlp')).split(',').map((name) => name.trim())
  return names.flatMap((name): ExporterSettings[] => {
    if (name === 'none' || name === '') return []
    if (name === 'otlp' || name === 'console') return [{ kind: name, protocol: protocolOf(environment, problems) }]
    problems.push(`Unknown OTEL_TRACES_EXPORTER "${name}"; use otlp, console or none`)
    return []
  })
}

function protocolOf(environment: Environment, problems: string[]): ExporterSettings['protocol'] {
  const named =
    textOf(environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']) ?? textOf(environment['OTEL_EXPORTER_OTLP_PROTOCOL'])
  const protocol = PROTOCOLS.find((name) => name === named)
  if (named !== undefined && protocol === undefined) {
    problems.push(`Unknown OTEL_EXPORTER_OTLP_PROTOCOL "${named}"; use ${PROTOCOLS.join(', ')}. Using http/protobuf`)
  }
  return protocol ?? 'http/protobuf'
}

// Options may come from JavaScript, where types are not checked.
function textOf(text: unknown): string | undefined {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  return trimmed === '' ? undefined : trimmed
}
