import { type OtlpSpans, spansOfOtlpJson } from '@spanledger/core'
import { checkJson, TRACE_REQUEST_SHAPE } from './check-json.ts'
import { decodeTraceRequest } from './decode-trace-request.ts'
import { MalformedBody } from './proto-cursor.ts'

/** What a trace request is written in. */
export type SpanFormat = 'protobuf' | 'json'

/** The spans of a body. Throws a `MalformedBody` that says why it holds none. */
export function readSpans(body: Buffer, format: SpanFormat, maxSpans: number): OtlpSpans {
  return format === 'protobuf' ? decodeTraceRequest(body, maxSpans) : spansOfOtlpJson(parse(body), maxSpans)
}

function parse(body: Buffer): unknown {
  checkJson(body, TRACE_REQUEST_SHAPE)
  let request: unknown
  try {
    request = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new MalformedBody('it is not JSON', { cause })
  }
  if (typeof request === 'object' && request !== null && !Array.isArray(request)) return request
  throw new MalformedBody('it is no JSON object')
}
