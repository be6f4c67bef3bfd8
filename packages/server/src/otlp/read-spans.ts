import { createOtlpSpanList, type OtlpSpanList, type OtlpSpans, readOtlpJson } from '@spanledger/core'
import { checkJson, TRACE_REQUEST_SHAPE } from './check-json.ts'
import { decodeTraceRequest } from './decode-trace-request.ts'
import { MalformedBody } from './proto-cursor.ts'

/** The encoding of a trace request. */
export type SpanFormat = 'protobuf' | 'json'

/** Reads the spans of a body. Throws a `MalformedBody` if it is invalid. */
export function readSpans(body: Buffer, format: SpanFormat, maxSpans: number): OtlpSpans {
  const list = createOtlpSpanList(maxSpans)
  readInto(list, body, format)
  return list.result()
}

/**
 * Adds the spans of a body to `list` one at a time, so that they are never all in memory. Throws a `MalformedBody` if it
 * is invalid; `list` may contain some spans by then.
 */
export function readInto(list: OtlpSpanList, body: Buffer, format: SpanFormat): void {
  if (format === 'protobuf') decodeTraceRequest(body, list)
  else readOtlpJson(parse(body), list)
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
  throw new MalformedBody('it is not a JSON object')
}
