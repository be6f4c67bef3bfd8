import { createRequire } from 'node:module'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { isOtlpTraceRequest, type SpanLike, spansOfOtlpJson } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const SPAN_ID = 'b7ad6b7169203331'

/** A request with one span; a test names the fields that matter. */
function request(fields: Record<string, unknown> = {}): unknown {
  const span = {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: 'chat gpt-5',
    startTimeUnixNano: '1762000000123456789',
    endTimeUnixNano: '1762000001000000001',
    ...fields,
  }
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
}

function only(fields: Record<string, unknown>): SpanLike {
  const { spans, rejected } = spansOfOtlpJson(request(fields))
  expect({ count: spans.length, rejected }).toEqual({ count: 1, rejected: 0 })
  return spans[0]!
}

/** What an attribute with this OTLP value is read as. */
function read(value: unknown): unknown {
  return only({ attributes: [{ key: 'a', value }] }).attributes['a']
}

describe('a span that the stock exporter wrote', () => {
  const { JsonTraceSerializer } = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/sdk-node'))(
    '@opentelemetry/otlp-transformer',
  ) as { JsonTraceSerializer: { serializeRequest(spans: readonly ReadableSpan[]): Uint8Array } }

  test('is read as the span that the application ended', () => {
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const tracer = provider.getTracer('ai', '7.1.0')
    const attributes = { text: 'über', count: 42, ratio: 0.1, yes: true, list: ['a', 'b'], counts: [1, 2.5], none: [] }
    for (const kind of [SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER]) {
      const parent = tracer.startSpan(`kind ${kind}`, { kind, attributes, startTime: [1_762_000_000, 123_456_789] })
      parent.addEvent('exception', { 'exception.message': 'no' }, [1_762_000_000, 999_999_999])
      parent.setStatus({ code: SpanStatusCode.ERROR, message: 'failed' })
      parent.end([1_762_000_001, 1])
    }
    const ended = exporter.getFinishedSpans()
    const json: unknown = JSON.parse(Buffer.from(JsonTraceSerializer.serializeRequest(ended)).toString())
    const decoded = spansOfOtlpJson(json)
    expect(decoded.rejected).toBe(0)
    expect(decoded.spans.map(comparable)).toEqual(ended.map(comparable))
  })

  function comparable(span: SpanLike): unknown {
    const { name, kind, startTime, endTime, status, attributes, resource, instrumentationScope } = span
    const { traceId, spanId } = span.spanContext()
    const events = span.events.map((event) => ({ name: event.name, time: event.time, attributes: event.attributes }))
    const scope = { name: instrumentationScope?.name, version: instrumentationScope?.version }
    const about = { traceId, spanId, parent: span.parentSpanContext?.spanId, resource: resource?.attributes, scope }
    return { name, kind, startTime, endTime, status, attributes, events, ...about }
  }
})

describe('ids', () => {
  test('are hex in any case, and lower case afterwards', () => {
    const span = only({
      traceId: TRACE_ID.toUpperCase(),
      spanId: SPAN_ID.toUpperCase(),
      parentSpanId: '00F067AA0BA902B7',
    })
    expect(span.spanContext()).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID })
    expect(span.parentSpanContext).toEqual({ spanId: '00f067aa0ba902b7' })
  })

  test('in base64 are read too', () => {
    const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
    const span = only({ traceId: base64(TRACE_ID), spanId: base64(SPAN_ID), parentSpanId: base64('fbff67aa0ba902b7') })
    expect(span.spanContext()).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID })
    expect(span.parentSpanContext).toEqual({ spanId: 'fbff67aa0ba902b7' })
  })

  test.each([undefined, '', '0000000000000000', 'xyz', 7, null])('of no parent: %j', (parentSpanId) => {
    expect(only({ parentSpanId }).parentSpanContext).toBeUndefined()
  })
})

test.each([
  [{ traceId: '00000000000000000000000000000000' }, 'traceId must be 32 hex characters, not all of them zero'],
  [{ traceId: `${TRACE_ID}0` }, 'traceId must be 32 hex characters, not all of them zero'],
  [{ spanId: 'zzzzzzzzzzzzzzzz' }, 'spanId must be 16 hex characters, not all of them zero'],
  [{ spanId: 7 }, 'spanId must be 16 hex characters, not all of them zero'],
  [{ startTimeUnixNano: undefined }, 'startTimeUnixNano must be nanoseconds since the epoch'],
  [{ startTimeUnixNano: 'today' }, 'startTimeUnixNano must be nanoseconds since the epoch'],
  [{ endTimeUnixNano: '0' }, 'endTimeUnixNano must be nanoseconds since the epoch'],
  [{ endTimeUnixNano: '99999999999999999999' }, 'endTimeUnixNano must be nanoseconds since the epoch'],
  [{ endTimeUnixNano: -1 }, 'endTimeUnixNano must be nanoseconds since the epoch'],
])('a span with %j is counted with its reason', (fields, reason) => {
  expect(spansOfOtlpJson(request(fields))).toEqual({ spans: [], rejected: 1, reasons: { [reason]: 1 } })
})

describe('times', () => {
  test('keep every nanosecond', () => {
    const span = only({ startTimeUnixNano: '1762000000123456789', endTimeUnixNano: '18446744073709551615' })
    expect([span.startTime, span.endTime]).toEqual([
      [1_762_000_000, 123_456_789],
      [18_446_744_073, 709_551_615],
    ])
  })

  test('may be numbers', () => {
    expect(only({ startTimeUnixNano: 1_500_000_000 }).startTime).toEqual([1, 500_000_000])
  })
})

describe('enumerations', () => {
  test.each([
    [undefined, 0],
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [5, 4],
    ['SPAN_KIND_CLIENT', 2],
    ['SPAN_KIND_SOMETHING', 0],
    [99, 0],
    ['3', 0],
    [{}, 0],
  ])('kind %j is %i of the API', (kind, expected) => {
    expect(only({ kind }).kind).toBe(expected)
  })

  test.each([
    [
      { code: 2, message: 'boom' },
      { code: 2, message: 'boom' },
    ],
    [{ code: 'STATUS_CODE_ERROR' }, { code: 2 }],
    [{}, { code: 0 }],
    ['error', { code: 0 }],
    [{ code: 7, message: 7 }, { code: 0 }],
  ])('status %j', (status, expected) => {
    expect(only({ status }).status).toEqual(expected)
  })
})

describe('attribute values', () => {
  test.each([
    [{ stringValue: 'text' }, 'text'],
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, false],
    [{ intValue: '42' }, 42],
    [{ intValue: 42 }, 42],
    [{ intValue: '-9007199254740991' }, -9_007_199_254_740_991],
    [{ intValue: '9007199254740993' }, '9007199254740993'],
    [{ intValue: 2 ** 60 }, '1152921504606846976'],
    [{ doubleValue: 0.5 }, 0.5],
    [{ doubleValue: '0.5' }, 0.5],
    [{ doubleValue: 'NaN' }, Number.NaN],
    [{ doubleValue: 'Infinity' }, Number.POSITIVE_INFINITY],
    [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } }, ['a', 1]],
    [{ arrayValue: {} }, []],
    [{ arrayValue: { values: [{ intValue: 'x' }, { stringValue: 'b' }] } }, [null, 'b']],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, { k: true }],
    [{ bytesValue: 'AQID' }, 'AQID'],
    [{ stringValue: null, intValue: '1' }, 1],
    [{}, null],
  ])('%j', (value, expected) => {
    expect(read(value)).toEqual(expected)
  })

  test.each([
    { stringValue: 7 },
    { boolValue: 'true' },
    { intValue: 'seven' },
    { intValue: '0x10' },
    { intValue: 1.5 },
    { doubleValue: 'one' },
    { doubleValue: '' },
    { arrayValue: [] },
    { kvlistValue: 'a' },
    { bytesValue: [1] },
    'text',
    7,
    null,
    undefined,
  ])('of a wrong type are left out: %j', (value) => {
    expect(
      only({
        attributes: [
          { key: 'a', value },
          { key: 'b', value: { intValue: 1 } },
        ],
      }).attributes,
    ).toEqual({ b: 1 })
  })

  test('nested 100,000 deep end at a depth that a reader can bear', () => {
    const depth = 100_000
    const json = `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":1}${']}}'.repeat(depth)}`
    let value = read(JSON.parse(json))
    let levels = 0
    while (Array.isArray(value)) {
      value = value[0]
      levels += 1
    }
    expect({ value, levels }).toEqual({ value: null, levels: 32 })
  })

  test('named __proto__ reach no prototype', () => {
    const evil = { kvlistValue: { values: [{ key: 'polluted', value: { boolValue: true } }] } }
    const { attributes } = only({
      attributes: [
        { key: '__proto__', value: evil },
        { key: 'constructor', value: { stringValue: 'c' } },
      ],
    })
    expect(Object.keys(attributes)).toEqual(['constructor'])
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})

test('resource and scope go to each of their spans', () => {
  const span = { traceId: TRACE_ID, spanId: SPAN_ID, startTimeUnixNano: '1', endTimeUnixNano: '2' }
  const { spans } = spansOfOtlpJson({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          { scope: { name: 'ai', version: '6' }, spans: [span, { ...span, spanId: '00f067aa0ba902b7' }] },
          { spans: [span] },
        ],
      },
      { scopeSpans: [{ spans: [span] }] },
    ],
  })
  const shop = { attributes: { 'service.name': 'shop' } }
  const ai = { name: 'ai', version: '6' }
  expect(spans.map(({ resource, instrumentationScope }) => ({ resource, instrumentationScope }))).toEqual([
    { resource: shop, instrumentationScope: ai },
    { resource: shop, instrumentationScope: ai },
    { resource: shop, instrumentationScope: undefined },
    { resource: undefined, instrumentationScope: undefined },
  ])
})

test.each([
  [{ resourceSpans: [] }, true],
  [{ resourceSpans: {} }, false],
  [{ resourceLogs: [] }, false],
  [[], false],
  ['resourceSpans', false],
  [null, false],
])('%j is a trace request: %s', (value, expected) => {
  expect(isOtlpTraceRequest(value)).toBe(expected)
})

test('no JSON value makes it throw', () => {
  const names = [
    'resourceSpans',
    'scopeSpans',
    'scope',
    'spans',
    'resource',
    'attributes',
    'events',
    'key',
    'value',
    'kind',
    'status',
  ]
  const values = [
    'traceId',
    'spanId',
    'intValue',
    'arrayValue',
    'kvlistValue',
    'values',
    '__proto__',
    'startTimeUnixNano',
  ]
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 9 },
      fc.constantFrom(TRACE_ID, SPAN_ID, '1762000000123456789', '', 0, -1, 1e300, null, true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom(...names, ...values), tie('tree')), { maxLength: 5 })
        .map((entries) =>
          JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`),
        ),
    ),
  }))
  const property = fc.property(tree, (value) => {
    for (const whole of [
      value,
      { resourceSpans: value },
      { resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] },
      request({ attributes: value }),
    ]) {
      const { spans, rejected, reasons } = spansOfOtlpJson(whole)
      expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(rejected)
      for (const span of spans) expect(JSON.stringify(span)).toBeTypeOf('string')
    }
  })
  fc.assert(property, { numRuns: 2000 })
})
