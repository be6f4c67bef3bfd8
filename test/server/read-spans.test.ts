import { readFileSync } from 'node:fs'
import type { SpanLike } from '@spanledger/core'
import { MalformedBody, readSpans, type SpanFormat } from '@spanledger/server/otlp'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AnyValue,
  type KeyValue,
  type OtlpRequest,
  type OtlpSpanJson,
  requestOf,
  toProtobuf,
} from './otlp-request.ts'
import { CHAT, genAISpan } from './test-server.ts'

const MOST_SPANS = 10_000

function read(body: Uint8Array | string, format: SpanFormat): ReturnType<typeof readSpans> {
  return readSpans(Buffer.from(body as string), format, MOST_SPANS)
}

/** Everything that is read of a span, as plain values. */
function plain(spans: readonly SpanLike[]): unknown[] {
  return spans.map((span) => ({ ...span, spanContext: span.spanContext() }))
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('__proto__', 'constructor', 'toString'),
)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
const { keyValue } = fc.letrec<{ value: AnyValue; keyValue: KeyValue; list: KeyValue[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    int64.map((intValue) => ({ intValue })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
    fc.constant({}),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytesValue: Buffer.from(bytes).toString('base64') })),
    fc.array(tie('value'), { maxLength: 4 }).map((values) => ({ arrayValue: { values } })),
    tie('list').map((values) => ({ kvlistValue: { values } })),
  ),
  keyValue: fc.record({ key: text, value: tie('value') }, { requiredKeys: ['key'] }),
  list: fc.array(tie('keyValue'), { maxLength: 4 }),
}))
const attributes = fc.array(keyValue, { maxLength: 6 })
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
const id = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const event = fc.record({ timeUnixNano: time, name: text, attributes }, { requiredKeys: [] })
const status = fc.record({ code: fc.integer({ min: 0, max: 3 }), message: text }, { requiredKeys: [] })
const span: fc.Arbitrary<OtlpSpanJson> = fc.record(
  {
    traceId: fc.oneof(id(32), fc.constant('0'.repeat(32)), id(16)),
    spanId: id(16),
    parentSpanId: id(16),
    name: text,
    kind: fc.integer({ min: -1, max: 7 }),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    events: fc.array(event, { maxLength: 3 }),
    status,
  },
  { requiredKeys: ['traceId', 'spanId', 'startTimeUnixNano', 'endTimeUnixNano'] },
)
const scope = fc.record({ name: text, version: text }, { requiredKeys: [] })
const scopeSpans = fc.record({ scope, spans: fc.array(span, { maxLength: 3 }) }, { requiredKeys: ['spans'] })
const resource = fc.record({ attributes }, { requiredKeys: [] })
const resourceSpans = fc.record(
  { resource, scopeSpans: fc.array(scopeSpans, { maxLength: 2 }) },
  { requiredKeys: ['scopeSpans'] },
)
const request: fc.Arbitrary<OtlpRequest> = fc.record({ resourceSpans: fc.array(resourceSpans, { maxLength: 2 }) })

describe('spans', () => {
  test('are the same in a protocol buffer and in JSON', () => {
    const property = fc.property(request, (sent) => {
      const inProtobuf = read(toProtobuf(sent), 'protobuf')
      const inJson = read(JSON.stringify(sent), 'json')
      expect(plain(inProtobuf.spans)).toEqual(plain(inJson.spans))
      expect(inProtobuf.rejected).toBe(inJson.rejected)
      expect(inProtobuf.reasons).toEqual(inJson.reasons)
    })
    fc.assert(property, { numRuns: 500 })
  })

  test.each(['protobuf', 'json'] as const)('after the limit are rejected, in %s', (format) => {
    const sent = requestOf(Array.from({ length: 5 }, () => genAISpan('c', undefined, CHAT)))
    const body = format === 'json' ? JSON.stringify(sent) : toProtobuf(sent)
    const { spans, rejected, reasons } = readSpans(Buffer.from(body as string), format, 3)
    expect(spans).toHaveLength(3)
    expect({ rejected, reasons }).toEqual({ rejected: 2, reasons: { 'the request has too many spans': 2 } })
  })

  test.each(['protobuf', 'json'] as const)('keep up to 1,024 attributes, 32 deep, in %s', (format) => {
    let deep: AnyValue = { stringValue: 'bottom' }
    for (let level = 0; level < 60; level += 1) deep = { arrayValue: { values: [deep] } }
    const many = Array.from({ length: 2_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: index } }))
    const sent = requestOf([{ ...genAISpan('c', undefined, {}), attributes: [{ key: 'deep', value: deep }, ...many] }])
    const { spans } = read(format === 'json' ? JSON.stringify(sent) : toProtobuf(sent), format)
    const kept = spans[0]?.attributes ?? {}
    expect(Object.keys(kept)).toHaveLength(1_024)
    let levels = 0
    for (let value = kept['deep']; Array.isArray(value); value = value[0]) levels += 1
    expect(levels).toBe(32)
  })

  test('may stand in front of what describes them', () => {
    const sent = requestOf([genAISpan('c', undefined, CHAT)])
    const whole = toProtobuf(sent)
    const [{ scopeSpans }] = sent.resourceSpans as [OtlpRequest['resourceSpans'][0]]
    const withoutResource = toProtobuf({ resourceSpans: [{ scopeSpans }] })
    // Two parts of one message may stand one after the other in any order.
    const scopePart = withoutResource.subarray(lengthOfHead(withoutResource))
    const resourcePart = whole.subarray(lengthOfHead(whole), whole.length - scopePart.length)
    const turned = Buffer.concat([whole.subarray(0, lengthOfHead(whole)), scopePart, resourcePart])
    expect(plain(read(turned, 'protobuf').spans)).toEqual(plain(read(whole, 'protobuf').spans))
  })
})

// A tag of one byte, then a length of as many bytes as have their highest bit set, and one more.
function lengthOfHead(message: Uint8Array): number {
  let at = 1
  while ((message[at] ?? 0) >= 0x80) at += 1
  return at + 1
}

/** What work gives or throws. */
function outcomeOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('bytes that are no request', () => {
  test('are refused, or read as what they happen to be, and nothing else', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      // A request with a few bytes changed.
      fc
        .tuple(request.map(toProtobuf), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
        .map(([good, changes]) => {
          const body = Uint8Array.from(good)
          for (const [place, byte] of changes) if (body.length > 0) body[place % body.length] = byte
          return body
        }),
    )
    const property = fc.property(bytes, fc.constantFrom('protobuf' as const, 'json' as const), (body, format) => {
      const outcome = outcomeOf(() => read(body, format).spans.map(({ spanContext }) => spanContext().traceId))
      expect(outcome).toSatisfy(
        (given) => given instanceof MalformedBody || (given as string[]).every((id) => /^[0-9a-f]{32}$/.test(id)),
      )
    })
    fc.assert(property, { numRuns: 3_000 })
  })

  test.each([
    ['ends in the middle', Buffer.from([0x0a, 0x05, 0x00])],
    ['has groups in groups', Buffer.alloc(100_000, 0x0b)],
    ['has a field with the number 0', Buffer.from([0x00])],
    ['has a length beyond its end', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['has a number that never ends', Buffer.alloc(50, 0xff)],
    ['is a program', readFileSync(process.execPath).subarray(0, 100_000)],
  ])('a protocol buffer that %s', (_, body) => {
    expect(() => read(body, 'protobuf')).toThrow(MalformedBody)
  })

  test.each([
    ['is empty', ''],
    ['is no JSON', '{"resourceSpans":'],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['is nested 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['has a million different names', `{${Array.from({ length: 1_000_000 }, (_, index) => `"${index}":1`).join(',')}}`],
    ['is four million empty lists', `{"resourceSpans":[${'[],'.repeat(4_000_000)}[]]}`],
  ])('JSON that %s', (_, body) => {
    expect(() => read(body, 'json')).toThrow(MalformedBody)
  })
})
