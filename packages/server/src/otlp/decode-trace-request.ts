import { isError, type OtlpSpanList, type SpanLike, TOO_MANY_SPANS } from '@spanledger/core'
import { createAttributeReader } from './decode-attributes.ts'
import { decodeSpan } from './decode-span.ts'
import { createProtoCursor, MalformedBody, type ProtoCursor, sized } from './proto-cursor.ts'

// `ExportTraceServiceRequest`, `ResourceSpans`, `Resource`, `ScopeSpans` and `InstrumentationScope`.
const RESOURCE_SPANS = sized(1)
const RESOURCE = sized(1)
const SCOPE_SPANS = sized(2)
const RESOURCE_ATTRIBUTES = sized(1)
const SCOPE = sized(1)
const SPANS = sized(2)
const SCOPE_NAME = sized(1)
const SCOPE_VERSION = sized(2)

/**
 * Decodes an `ExportTraceServiceRequest` in protobuf into the same spans that core's `readOtlpJson` reads from JSON.
 * Throws a `MalformedBody` for invalid bytes; `list` may contain some spans by then.
 */
export function decodeTraceRequest(body: Buffer, list: OtlpSpanList): void {
  const cursor = createProtoCursor(body)
  try {
    while (cursor.reader.pos < body.length) {
      const tag = cursor.tag()
      if (tag === RESOURCE_SPANS) readResourceSpans(cursor, list)
      else cursor.skip(tag)
    }
    cursor.checkEnd()
  } catch (cause) {
    if (cause instanceof MalformedBody) throw cause
    throw new MalformedBody(isError(cause) ? cause.message : 'it cannot be read', { cause })
  }
}

// Resource and scope may follow the spans that they describe, so spans are skipped first and read last.
function readResourceSpans(cursor: ProtoCursor, list: OtlpSpanList): void {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const scopeSpans: number[] = []
  let resource: SpanLike['resource']
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === RESOURCE) resource = readResource(cursor)
    else {
      if (tag === SCOPE_SPANS) scopeSpans.push(reader.pos)
      cursor.skip(tag)
    }
  }
  for (const start of scopeSpans) {
    reader.pos = start
    readScopeSpans(cursor, resource, list)
  }
  reader.pos = end
}

function readResource(cursor: ProtoCursor): SpanLike['resource'] {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const attributes = createAttributeReader(cursor)
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === RESOURCE_ATTRIBUTES) attributes.add()
    else cursor.skip(tag)
  }
  return { attributes: attributes.attributes }
}

function readScopeSpans(cursor: ProtoCursor, resource: SpanLike['resource'], list: OtlpSpanList): void {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const spans: number[] = []
  let instrumentationScope: SpanLike['instrumentationScope']
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === SCOPE) instrumentationScope = readScope(cursor)
    else {
      if (tag === SPANS) spans.push(reader.pos)
      cursor.skip(tag)
    }
  }
  for (const start of spans) {
    reader.pos = start
    list.add(list.isFull() ? TOO_MANY_SPANS : decodeSpan(cursor, { resource, instrumentationScope }))
  }
  reader.pos = end
}

function readScope(cursor: ProtoCursor): SpanLike['instrumentationScope'] {
  const { reader } = cursor
  const end = cursor.messageEnd()
  let name = ''
  let version: string | undefined
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === SCOPE_NAME) name = cursor.text()
    else if (tag === SCOPE_VERSION) version = cursor.text() || undefined
    else cursor.skip(tag)
  }
  return { name, version }
}
