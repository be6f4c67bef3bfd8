// Decoding of OTLP trace requests, without a server around it.
export { MalformedBody } from './proto-cursor.ts'
export { readSpans, type SpanFormat } from './read-spans.ts'
