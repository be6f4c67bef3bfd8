import { connect, type OutgoingHttpHeaders } from 'node:http2'
import type { ExporterSettings } from '../../settings.ts'

/** The answer of an OTLP receiver to a request without spans. */
export interface OtlpAnswer {
  readonly outcome: 'accepted' | 'refused' | 'other'
  /** Such as `404`, or `gRPC status 12`. */
  readonly status: string
  /** The `date` header: the clock of the receiver. */
  readonly date: string | null
}

export interface OtlpRequest {
  readonly url: string
  readonly protocol: ExporterSettings['protocol']
  readonly headers: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 5_000
const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

const UNAUTHENTICATED = '16'
const PERMISSION_DENIED = '7'

/** Sends a request without spans, as an exporter would. Rejects if no answer comes in that protocol. */
export function sendNothing(request: OtlpRequest): Promise<OtlpAnswer> {
  return request.protocol === 'grpc' ? overGrpc(request) : overHttp(request)
}

async function overHttp({ url, protocol, headers }: OtlpRequest): Promise<OtlpAnswer> {
  const isJson = protocol === 'http/json'
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': isJson ? 'application/json' : 'application/x-protobuf', ...headers },
    // A protobuf message without fields is empty.
    body: isJson ? '{"resourceSpans":[]}' : new Uint8Array(),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await response.arrayBuffer()
  const { status } = response
  const outcome = status === 200 ? 'accepted' : status === 401 || status === 403 ? 'refused' : 'other'
  return { outcome, status: String(status), date: response.headers.get('date') }
}

function overGrpc({ url, headers }: OtlpRequest): Promise<OtlpAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(new URL(url).origin)
    const end = (settle: () => void): void => {
      session.destroy()
      settle()
    }
    const fail = (error: Error): void => end(() => reject(error))
    session.setTimeout(TIMEOUT_MS, () => fail(new Error(`No answer within ${TIMEOUT_MS / 1000} s`)))
    session.on('error', fail)
    const asked: OutgoingHttpHeaders = { 'content-type': 'application/grpc', te: 'trailers', ...lowerCased(headers) }
    const stream = session.request({ ':method': 'POST', ':path': EXPORT, ...asked })
    let status: unknown
    let date: string | null = null
    stream.on('response', (answer) => {
      status = answer['grpc-status'] ?? `HTTP ${answer[':status']}`
      date = answer.date ?? null
    })
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'] ?? status
    })
    stream.on('error', fail)
    stream.on('end', () => end(() => resolve(grpcAnswer(String(status), date))))
    stream.resume()
    // A gRPC frame: not compressed, length 0.
    stream.end(Buffer.alloc(5))
  })
}

function grpcAnswer(status: string, date: string | null): OtlpAnswer {
  const isRefused = status === UNAUTHENTICATED || status === PERMISSION_DENIED
  return {
    outcome: status === '0' ? 'accepted' : isRefused ? 'refused' : 'other',
    status: `gRPC status ${status}`,
    date,
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
