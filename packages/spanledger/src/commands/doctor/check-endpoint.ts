import { sentenceOf } from '../../cli-error.ts'
import type { Environment } from '../../settings.ts'
import { bad, type Finding, good, unknown } from './check.ts'

const TIMEOUT_MS = 5_000
const MOST_SKEW_MS = 60_000

/** Whether spans get to where the standard variables send them. */
export async function checkEndpoint(environment: Environment, now: () => number): Promise<readonly Finding[]> {
  const base = environment['OTEL_EXPORTER_OTLP_ENDPOINT']
  const url = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? (base && `${base.replace(/\/$/, '')}/v1/traces`)
  if (url === undefined || url === '') {
    return [unknown('OTEL_EXPORTER_OTLP_ENDPOINT is not set, so spans are exported nowhere')]
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const fix = 'Set OTEL_EXPORTER_OTLP_ENDPOINT to one such as http://localhost:4319'
    return [bad(`Spans go to "${url}"`, 'that is no address', fix)]
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersOf(environment) },
      body: '{"resourceSpans":[]}',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.arrayBuffer()
    return [answered(url, response.status), ...clockOf(response.headers.get('date'), now())]
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : sentenceOf(error)
    return [
      bad(`${url} does not answer`, why, 'Start it ("spanledger serve"), or set OTEL_EXPORTER_OTLP_ENDPOINT anew'),
    ]
  }
}

function answered(url: string, status: number): Finding {
  if (status === 200) return good(`${url} takes spans`)
  if (status === 401 || status === 403) {
    return bad(
      `${url} answers ${status}`,
      'it does not know the token, or the token is not for sending',
      'Set OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20TOKEN" with a token of the scope ingest',
    )
  }
  return bad(
    `${url} answers ${status}`,
    'an OTLP receiver answers 200',
    'Check port and path: /v1/traces, not the gRPC port',
  )
}

function clockOf(date: string | null, now: number): readonly Finding[] {
  const skewMs = date === null ? Number.NaN : Math.abs(Date.parse(date) - now)
  if (!(skewMs > MOST_SKEW_MS)) return []
  const minutes = Math.round(skewMs / 60_000)
  return [bad(`Its clock is ${minutes} min away from ours`, 'calls show up at the wrong time', 'Set both clocks (NTP)')]
}

// `key=value` pairs with commas between them, percent-encoded.
function headersOf(environment: Environment): Record<string, string> {
  const text = environment['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? environment['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    return name === undefined || value === undefined ? [] : [[name, decoded(value)]]
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
