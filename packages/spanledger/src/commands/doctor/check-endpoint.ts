import { sentenceOf } from '../../cli/error.ts'
import { bad, type Finding, good, unknown } from './check.ts'
import { type OtlpAnswer, type OtlpRequest, sendNothing } from './otlp-request.ts'

const MOST_SKEW_MS = 60_000

/** Whether spans get to where the standard variables send them, in the protocol in which they are sent. */
export async function checkEndpoint(otlp: OtlpRequest | undefined, now: () => number): Promise<readonly Finding[]> {
  if (otlp === undefined) return [unknown('OTEL_EXPORTER_OTLP_ENDPOINT is not set, so spans are exported nowhere')]
  const { url, protocol } = otlp
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const fix = 'Set OTEL_EXPORTER_OTLP_ENDPOINT to one such as http://localhost:4319'
    // What cannot be read may hold a password anywhere before its last @.
    return [bad(`Spans go to "${url.replace(/^.*@/s, '…@')}"`, 'that is no address', fix)]
  }
  try {
    const answer = await sendNothing(otlp)
    return [answered(otlp, answer), ...clockOf(answer.date, now())]
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : sentenceOf(error)
    const other = protocol === 'grpc' ? 'http/protobuf' : 'grpc'
    return [
      bad(
        `${url} does not answer over ${protocol}`,
        why,
        `Start it ("spanledger serve" takes http/protobuf and http/json), or set OTEL_EXPORTER_OTLP_ENDPOINT anew; if it speaks ${other}, OTEL_EXPORTER_OTLP_PROTOCOL=${other}`,
      ),
    ]
  }
}

function answered({ url, protocol }: OtlpRequest, { outcome, status }: OtlpAnswer): Finding {
  if (outcome === 'taken') return good(`${url} takes spans over ${protocol}`)
  if (outcome === 'refused') {
    return bad(
      `${url} answers ${status}`,
      'it does not know the token, or the token is not for sending',
      'Set OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20TOKEN" with a token of the scope ingest',
    )
  }
  if (status === '415') {
    const other = protocol === 'http/json' ? 'http/protobuf' : 'http/json'
    return bad(`${url} answers 415`, `it does not take ${protocol}`, `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}`)
  }
  return bad(
    `${url} answers ${status}`,
    `an OTLP receiver answers ${protocol === 'grpc' ? 'gRPC status 0' : '200'}`,
    protocol === 'grpc'
      ? 'Check the port (4317 is that of gRPC), or set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'
      : 'Check port and path: /v1/traces, not the gRPC port',
  )
}

function clockOf(date: string | null, now: number): readonly Finding[] {
  const skewMs = date === null ? Number.NaN : Math.abs(Date.parse(date) - now)
  if (!(skewMs > MOST_SKEW_MS)) return []
  const minutes = Math.round(skewMs / 60_000)
  return [bad(`Its clock is ${minutes} min away from ours`, 'calls show up at the wrong time', 'Set both clocks (NTP)')]
}
