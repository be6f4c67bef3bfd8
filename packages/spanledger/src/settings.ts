import type { ContentMode } from '@spanledger/core'

/** Environment variables, as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Which exporters the `OTEL_*` variables ask for, in OpenTelemetry's own words. */
export interface ExporterSettings {
  readonly kind: 'otlp' | 'console'
  readonly protocol: 'http/protobuf' | 'http/json' | 'grpc'
}

/** What `register` does, after options and environment have been read. Options win over the environment. */
export interface Settings {
  readonly enabled: boolean
  readonly database: string
  readonly content: ContentMode
  readonly serviceName: string | undefined
  readonly exporters: readonly ExporterSettings[]
  /** `latest` when `OTEL_SEMCONV_STABILITY_OPT_IN` lists `gen_ai_latest_experimental`. */
  readonly profile: 'compatible' | 'latest'
  readonly sampler: string
  readonly samplerArgument: string | undefined
  /** What was wrong with the environment, each a sentence that says what would work. */
  readonly problems: readonly string[]
}

/** Options of `register` that the environment can set as well. */
export interface SettingsOptions {
  readonly enabled?: boolean | undefined
  readonly database?: string | undefined
  readonly content?: ContentMode | undefined
  readonly serviceName?: string | undefined
}

export const DEFAULT_DATABASE = 'file:.spanledger/usage.db'

const LATEST = 'gen_ai_latest_experimental'
const CONTENT_MODES = ['none', 'preview', 'full'] as const
const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const

/** Reads options and environment; never throws, but lists what it could not use. */
export function readSettings(options: SettingsOptions, environment: Environment): Settings {
  const problems: string[] = []
  return {
    enabled: options.enabled ?? flagOf(environment['SPANLEDGER_ENABLED']) ?? true,
    database: options.database ?? textOf(environment['SPANLEDGER_DATABASE']) ?? DEFAULT_DATABASE,
    content: options.content ?? contentOf(environment['SPANLEDGER_CONTENT'], problems) ?? 'preview',
    serviceName: options.serviceName,
    exporters: exportersOf(environment, problems),
    profile: (environment['OTEL_SEMCONV_STABILITY_OPT_IN'] ?? '').split(',').some((name) => name.trim() === LATEST)
      ? 'latest'
      : 'compatible',
    sampler: textOf(environment['OTEL_TRACES_SAMPLER']) ?? 'parentbased_always_on',
    samplerArgument: textOf(environment['OTEL_TRACES_SAMPLER_ARG']),
    problems,
  }
}

function flagOf(text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined
  return !/^(false|0|off|no)$/i.test(text.trim())
}

function contentOf(text: string | undefined, problems: string[]): ContentMode | undefined {
  const mode = textOf(text)
  if (mode === undefined) return undefined
  const known = CONTENT_MODES.find((name) => name === mode)
  if (known === undefined)
    problems.push(
      `Unknown SPANLEDGER_CONTENT "${mode}"; use ${CONTENT_MODES.join(', ')}. Keeping nothing of prompts and answers`,
    )
  // A misspelt wish for privacy must not keep more than was meant.
  return known ?? 'none'
}

// The stock pipeline is on when the standard variables say where spans go, and only then.
function exportersOf(environment: Environment, problems: string[]): ExporterSettings[] {
  if (flagOf(environment['OTEL_SDK_DISABLED']) === true) return []
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

function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === undefined || trimmed === '' ? undefined : trimmed
}
