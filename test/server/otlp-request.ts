import { BinaryWriter } from '@bufbuild/protobuf/wire'

/** A trace request as OTLP/JSON writes it. */
export interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] }
    readonly scopeSpans: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string }
      readonly spans: readonly OtlpSpanJson[]
    }[]
  }[]
}

export interface KeyValue {
  readonly key: string
  readonly value?: AnyValue
}

export interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly AnyValue[] }
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] }
  readonly bytesValue?: string
}

export interface OtlpSpanJson {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly kind?: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly KeyValue[]
  readonly events?: readonly {
    readonly timeUnixNano?: string
    readonly name?: string
    readonly attributes?: readonly KeyValue[]
  }[]
  readonly status?: { readonly code?: number; readonly message?: string }
}

/** A request with these spans of one scope. */
export function requestOf(spans: readonly OtlpSpanJson[], scope = 'test'): OtlpRequest {
  const resource = { attributes: attributesOf({ 'service.name': 'shop' }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: scope }, spans }] }] }
}

/** Plain values as OTLP attributes. */
export function attributesOf(
  values: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValueOf(value) }))
}

function anyValueOf(value: string | number | boolean | readonly string[]): AnyValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } }
}

/** The same request as a protocol buffer. */
export function toProtobuf(request: OtlpRequest): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  for (const { resource, scopeSpans } of request.resourceSpans) {
    message(writer, 1, () => {
      if (resource !== undefined) message(writer, 1, () => writeKeys(writer, 1, resource.attributes))
      for (const { scope, spans } of scopeSpans) {
        message(writer, 2, () => {
          if (scope !== undefined) {
            message(writer, 1, () => {
              if (scope.name !== undefined) text(writer, 1, scope.name)
              if (scope.version !== undefined) text(writer, 2, scope.version)
            })
          }
          for (const span of spans) message(writer, 2, () => writeSpan(writer, span))
        })
      }
    })
  }
  return writer.finish()
}

function writeSpan(writer: BinaryWriter, span: OtlpSpanJson): void {
  writer.tag(1, 2).bytes(Buffer.from(span.traceId, 'hex'))
  writer.tag(2, 2).bytes(Buffer.from(span.spanId, 'hex'))
  if (span.parentSpanId !== undefined) writer.tag(4, 2).bytes(Buffer.from(span.parentSpanId, 'hex'))
  if (span.name !== undefined) text(writer, 5, span.name)
  if (span.kind !== undefined) writer.tag(6, 0).int32(span.kind)
  writer.tag(7, 1).fixed64(span.startTimeUnixNano)
  writer.tag(8, 1).fixed64(span.endTimeUnixNano)
  writeKeys(writer, 9, span.attributes)
  for (const event of span.events ?? []) {
    message(writer, 11, () => {
      if (event.timeUnixNano !== undefined) writer.tag(1, 1).fixed64(event.timeUnixNano)
      if (event.name !== undefined) text(writer, 2, event.name)
      writeKeys(writer, 3, event.attributes)
    })
  }
  const { status } = span
  if (status === undefined) return
  message(writer, 15, () => {
    if (status.message !== undefined) text(writer, 2, status.message)
    if (status.code !== undefined) writer.tag(3, 0).int32(status.code)
  })
}

function writeKeys(writer: BinaryWriter, field: number, entries: readonly KeyValue[] = []): void {
  for (const { key, value } of entries) {
    message(writer, field, () => {
      text(writer, 1, key)
      if (value !== undefined) message(writer, 2, () => writeValue(writer, value))
    })
  }
}

function writeValue(writer: BinaryWriter, value: AnyValue): void {
  if (value.stringValue !== undefined) text(writer, 1, value.stringValue)
  else if (value.boolValue !== undefined) writer.tag(2, 0).bool(value.boolValue)
  else if (value.intValue !== undefined) writer.tag(3, 0).int64(String(value.intValue))
  else if (value.doubleValue !== undefined) writer.tag(4, 1).double(value.doubleValue)
  else if (value.arrayValue !== undefined) {
    const { values = [] } = value.arrayValue
    message(writer, 5, () => {
      for (const element of values) message(writer, 1, () => writeValue(writer, element))
    })
  } else if (value.kvlistValue !== undefined) {
    const { values = [] } = value.kvlistValue
    message(writer, 6, () => writeKeys(writer, 1, values))
  } else if (value.bytesValue !== undefined) writer.tag(7, 2).bytes(Buffer.from(value.bytesValue, 'base64'))
}

function message(writer: BinaryWriter, field: number, body: () => void): void {
  writer.tag(field, 2).fork()
  body()
  writer.join()
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, 2).string(value)
}
