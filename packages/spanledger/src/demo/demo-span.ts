/** A value of a span's attribute. */
export type AttributeValue = string | number | boolean | readonly string[]

/** A span of the demo as plain values. */
export interface DemoSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string | undefined
  readonly name: string
  /** Epoch milliseconds. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>
  /** The error message; absent if the call succeeded. */
  readonly error?: string | undefined
}

/** The resource of all demo spans, so that they cannot be mistaken for real ones. */
export const DEMO_RESOURCE = {
  'service.name': 'spanledger-demo',
  'deployment.environment.name': 'demo',
} as const

/** The JSON body of `POST /v1/traces`, as an OpenTelemetry exporter sends it. */
export function toTraceRequest(spans: readonly DemoSpan[]): string {
  const scope = { name: 'spanledger.demo', version: '1' }
  const resource = { attributes: attributesOf(DEMO_RESOURCE) }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(toOtlpSpan) }] }] })
}

function toOtlpSpan(span: DemoSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: 3,
    startTimeUnixNano: `${Math.round(span.startMs)}000000`,
    endTimeUnixNano: `${Math.round(span.endMs)}000000`,
    attributes: attributesOf(span.attributes),
    ...(span.error === undefined ? {} : { status: { code: 2, message: span.error } }),
  }
}

function attributesOf(values: DemoSpan['attributes']): object[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValueOf(value) }],
  )
}

function anyValueOf(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } }
}
