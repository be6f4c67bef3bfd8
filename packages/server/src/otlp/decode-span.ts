import {
  type HrTime,
  OTLP_LIMITS,
  type OtlpOrigin,
  type SpanEventLike,
  type SpanLike,
  spanOfOtlp,
  timeOfHalves,
} from '@spanledger/core'
import { createAttributeReader } from './decode-attributes.ts'
import { fixed64, type ProtoCursor, sized, varint } from './proto-cursor.ts'

// `Span`, `Span.Event` and `Status` of opentelemetry/proto/trace/v1.
const TRACE_ID = sized(1)
const SPAN_ID = sized(2)
const PARENT_SPAN_ID = sized(4)
const NAME = sized(5)
const KIND = varint(6)
const START_TIME = fixed64(7)
const END_TIME = fixed64(8)
const ATTRIBUTES = sized(9)
const EVENTS = sized(11)
const STATUS = sized(15)
const EVENT_TIME = fixed64(1)
const EVENT_NAME = sized(2)
const EVENT_ATTRIBUTES = sized(3)
const STATUS_MESSAGE = sized(2)
const STATUS_CODE = varint(3)

/** Reads the next span; returns a sentence that says why if it is invalid. */
export function decodeSpan(cursor: ProtoCursor, origin: OtlpOrigin): SpanLike | string {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const attributes = createAttributeReader(cursor)
  const events: SpanEventLike[] = []
  let traceId: string | undefined
  let spanId: string | undefined
  let parentSpanId: string | undefined
  let name = ''
  let kind = 0
  let startTime: HrTime | undefined
  let endTime: HrTime | undefined
  let status: SpanLike['status'] = { code: 0 }
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === ATTRIBUTES) attributes.add()
    else if (tag === TRACE_ID) traceId = idOf(cursor.hex(16))
    else if (tag === SPAN_ID) spanId = idOf(cursor.hex(8))
    else if (tag === PARENT_SPAN_ID) parentSpanId = idOf(cursor.hex(8))
    else if (tag === NAME) name = cursor.text()
    else if (tag === KIND) kind = reader.int32()
    else if (tag === START_TIME) startTime = readTime(cursor)
    else if (tag === END_TIME) endTime = readTime(cursor)
    else if (tag === STATUS) status = readStatus(cursor)
    else if (tag === EVENTS && events.length < OTLP_LIMITS.events) events.push(readEvent(cursor))
    else cursor.skip(tag)
  }
  return spanOfOtlp(
    {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind,
      startTime,
      endTime,
      status,
      attributes: attributes.attributes,
      events,
    },
    origin,
  )
}

const ZERO = /^0+$/

function idOf(hex: string | undefined): string | undefined {
  return hex === undefined || (hex.startsWith('0') && ZERO.test(hex)) ? undefined : hex
}

function readTime({ reader }: ProtoCursor): HrTime | undefined {
  const low = reader.fixed32()
  return timeOfHalves(reader.fixed32(), low)
}

function readEvent(cursor: ProtoCursor): SpanEventLike {
  const { reader } = cursor
  const end = cursor.messageEnd()
  const attributes = createAttributeReader(cursor)
  let name = ''
  let time: HrTime | undefined
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === EVENT_ATTRIBUTES) attributes.add()
    else if (tag === EVENT_NAME) name = cursor.text()
    else if (tag === EVENT_TIME) time = readTime(cursor)
    else cursor.skip(tag)
  }
  return { name, ...(time === undefined ? {} : { time }), attributes: attributes.attributes }
}

function readStatus(cursor: ProtoCursor): SpanLike['status'] {
  const { reader } = cursor
  const end = cursor.messageEnd()
  let code = 0
  let message: string | undefined
  while (reader.pos < end) {
    const tag = cursor.tag()
    if (tag === STATUS_CODE) code = reader.int32()
    else if (tag === STATUS_MESSAGE) message = cursor.text() || undefined
    else cursor.skip(tag)
  }
  return { code: code >= 0 && code <= 2 ? code : 0, message }
}
