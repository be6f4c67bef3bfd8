import { createOtlpSpanList, type OtlpSpanList, type OtlpSpans, readOtlpJson } from '@spanledger/core'
import { checkJson, TRACE_REQUEST_SHAPE } from './check-json.ts'
import { decodeTraceRequest } from './decode-trace-request.ts'
import { MalformedBody } from './proto-cursor.ts'

/** What a trace request is written in. */
export type SpanFormat = 'protobuf' | 'json'

/** The spans of a body. Throws a `MalformedBody` that says why it holds none. */
export function readSpans(body: Buffer, format: SpanFormat, maxSpans: number): OtlpSpans {
  const list = createOtlpSpanList(maxSpans)
  readInto(list, body, format)
  return list.result()
}

/**
 * Reads the spans of a body one after the other, so that they are never all there at once; a body that turns out to be
 * malformed throws when some have been read.
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
