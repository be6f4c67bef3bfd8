import { type Environment, readSettings } from '../../settings.ts'
import type { OtlpRequest } from './otlp-request.ts'
import { splitUserinfo } from '../../destination/split-userinfo.ts'

/** Where the standard variables send spans, and how; undefined if nowhere. The URL is as written, without its password. */
export function otlpSettings(environment: Environment): OtlpRequest | undefined {
  const exporter = readSettings({}, environment).exporters.find(({ kind }) => kind === 'otlp')
  if (exporter === undefined) return undefined
  const { protocol } = exporter
  if (protocol === 'grpc') {
    // gRPC exporters ignore a user and a password.
    return { url: splitUserinfo(grpcUrl(environment)).url, protocol, headers: headersOf(environment) }
  }
  // As in exporters, an explicit header wins.
  const { url, headers } = splitUserinfo(httpUrl(environment))
  return { url, protocol, headers: { ...headers, ...headersOf(environment) } }
}

function httpUrl(environment: Environment): string {
  const base = textOf(environment['OTEL_EXPORTER_OTLP_ENDPOINT']) ?? 'http://localhost:4318'
  return textOf(environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) ?? `${base.replace(/\/$/, '')}/v1/traces`
}

// gRPC exporters also accept an address without a scheme.
function grpcUrl(environment: Environment): string {
  const url =
    textOf(environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) ??
    textOf(environment['OTEL_EXPORTER_OTLP_ENDPOINT']) ??
    'http://localhost:4317'
  if (url.includes('://')) return url
  const insecure = environment['OTEL_EXPORTER_OTLP_TRACES_INSECURE'] ?? environment['OTEL_EXPORTER_OTLP_INSECURE'] ?? ''
  return `${insecure.toLowerCase() === 'true' ? 'http' : 'https'}://${url}`
}

// Comma-separated, percent-encoded `key=value` pairs. Headers for traces are added to the general ones.
function headersOf(environment: Environment): Record<string, string> {
  const texts = [environment['OTEL_EXPORTER_OTLP_HEADERS'], environment['OTEL_EXPORTER_OTLP_TRACES_HEADERS']]
  const pairs = texts
    .flatMap((text) => (text ?? '').split(','))
    .flatMap((pair): [string, string][] => {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), decoded(value)]]
    })
  return Object.fromEntries(pairs)
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}
