import { BinaryWriter } from '@bufbuild/protobuf/wire'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { SpanFormat } from './read-spans.ts'
import { sized, varint } from './proto-cursor.ts'

/** The content of the answer to a trace request. */
export interface TraceAnswer {
  /** Spans that were not stored; a retry does not help. */
  readonly rejected: number
  /** Why, for the sender's log. */
  readonly message: string
}

/** The content type of each format, for requests and answers. */
export const CONTENT_TYPES: Readonly<Record<SpanFormat, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

// HTTP status to google.rpc.Code.
const STATUS_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  421: 5,
  429: 8,
  503: 14,
}
const UNKNOWN = 2

/** Returns the format of a content type; undefined if it is not supported. */
export function formatOf(contentType: string | undefined): SpanFormat | undefined {
  const name = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (name === CONTENT_TYPES.protobuf) return 'protobuf'
  return name === CONTENT_TYPES.json ? 'json' : undefined
}

/** Answers with an `ExportTraceServiceResponse`: everything is stored except the rejected spans. */
export function answerTraces(c: Context, format: SpanFormat, { rejected, message }: TraceAnswer): Response {
  const isPartial = rejected > 0
  if (format === 'json') {
    // Protobuf JSON writes 64-bit integers as strings.
    return c.json({ partialSuccess: isPartial ? { rejectedSpans: String(rejected), errorMessage: message } : {} })
  }
  const writer = new BinaryWriter()
  if (isPartial)
    writer.uint32(sized(1)).fork().uint32(varint(1)).int64(rejected).uint32(sized(2)).string(message).join()
  return c.body(writer.finish(), 200, { 'content-type': CONTENT_TYPES.protobuf })
}

/** Refuses with a `google.rpc.Status`, as OTLP requires. */
export function refuseTraces(c: Context, status: ContentfulStatusCode, message: string): Response {
  const code = STATUS_CODES[status] ?? UNKNOWN
  if (formatOf(c.req.header('content-type')) !== 'protobuf') return c.json({ code, message }, status)
  const writer = new BinaryWriter().uint32(varint(1)).int32(code).uint32(sized(2)).string(message)
  return c.body(writer.finish(), status, { 'content-type': CONTENT_TYPES.protobuf })
}
