import { isError } from '@spanledger/core'

import { sentenceOf } from '../../cli/error.ts'
import { bad, type Finding, good, unknown } from './check.ts'
import { type OtlpAnswer, type OtlpRequest, sendNothing } from './otlp-request.ts'

const MAX_SKEW_MS = 60_000

/** Checks whether the OTLP endpoint of the standard variables accepts spans in the configured protocol. */
export async function checkEndpoint(otlp: OtlpRequest | undefined, now: () => number): Promise<readonly Finding[]> {
  if (otlp === undefined) return [unknown('OTEL_EXPORTER_OTLP_ENDPOINT is not set, so no spans are exported')]
  const { url, protocol } = otlp
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const fix = 'Set OTEL_EXPORTER_OTLP_ENDPOINT to a URL such as http://localhost:4319'
    // An invalid URL may contain a password anywhere before its last @.
    return [bad(`Spans go to "${url.replace(/^.*@/s, '…@')}"`, 'this is not a URL', fix)]
  }
  try {
    const answer = await sendNothing(otlp)
    return [answered(otlp, answer), ...clockOf(answer.date, now())]
  } catch (error) {
    const why = isError(error) && isError(error.cause) ? error.cause.message : sentenceOf(error)
    const other = protocol === 'grpc' ? 'http/protobuf' : 'grpc'
    return [
      bad(
        `${url} does not answer over ${protocol}`,
        why,
        `Start it ("spanledger serve" accepts http/protobuf and http/json), or correct OTEL_EXPORTER_OTLP_ENDPOINT; if it uses ${other}, set OTEL_EXPORTER_OTLP_PROTOCOL=${other}`,
      ),
    ]
  }
}

function answered({ url, protocol }: OtlpRequest, { outcome, status }: OtlpAnswer): Finding {
  if (outcome === 'accepted') return good(`${url} accepts spans over ${protocol}`)
  if (outcome === 'refused') {
    return bad(
      `${url} answers ${status}`,
      'the token is unknown to it, or has no right to send spans',
      'Set OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20TOKEN" with a token of the scope ingest',
    )
  }
  if (status === '415') {
    const other = protocol === 'http/json' ? 'http/protobuf' : 'http/json'
    return bad(`${url} answers 415`, `it does not accept ${protocol}`, `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}`)
  }
  return bad(
    `${url} answers ${status}`,
    `an OTLP receiver answers ${protocol === 'grpc' ? 'gRPC status 0' : '200'}`,
    protocol === 'grpc'
      ? 'Check the port (gRPC uses 4317), or set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'
      : 'Check the path (/v1/traces) and the port (not that of gRPC)',
  )
}

function clockOf(date: string | null, now: number): readonly Finding[] {
  const skewMs = date === null ? Number.NaN : Math.abs(Date.parse(date) - now)
  if (!(skewMs > MAX_SKEW_MS)) return []
  const minutes = Math.round(skewMs / 60_000)
  return [
    bad(
      `Its clock differs from ours by ${minutes} min`,
      'calls appear at the wrong time',
      'Synchronize both clocks (NTP)',
    ),
  ]
}
