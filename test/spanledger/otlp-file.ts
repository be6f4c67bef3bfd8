/** What an OTLP value is made of. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A span of a file that a Collector wrote; a test names what matters. */
export interface FileSpan {
  readonly trace?: number
  readonly id: number
  readonly parent?: number
  readonly name?: string
  readonly startMs?: number
  readonly endMs?: number
  readonly attributes?: Attributes
  readonly error?: string
}

const START_MS = Date.UTC(2026, 10, 3, 12)

/** The trace id with this number. */
export function traceId(number = 1): string {
  return number.toString(16).padStart(32, 'a')
}

/** The span id with this number. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, 'b')
}

/** One `ExportTraceServiceRequest` as the Collector's file exporter writes it on a line. */
export function request(...spans: readonly FileSpan[]): object {
  const resource = { attributes: keyValues({ 'service.name': 'shop' }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans: spans.map(toOtlp) }] }] }
}

/** A model call by the GenAI conventions. */
export function chat(span: FileSpan): FileSpan {
  return {
    name: 'chat gpt-4o',
    ...span,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 100,
      ...span.attributes,
    },
  }
}

function toOtlp({
  trace,
  id,
  parent,
  name = 'GET /',
  startMs = START_MS,
  endMs = START_MS + 500,
  ...rest
}: FileSpan): object {
  return {
    traceId: traceId(trace),
    spanId: spanId(id),
    parentSpanId: parent === undefined ? '' : spanId(parent),
    flags: 256,
    name,
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: keyValues(rest.attributes ?? {}),
    status: rest.error === undefined ? {} : { code: 2, message: rest.error },
  }
}

function keyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
