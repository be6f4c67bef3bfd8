import { type Call, emptyCall, type HrTime, type SpanLike } from '@spanledger/core'

/** What matters about a span; the rest is filled in. */
export interface SpanParts {
  readonly name?: string
  readonly kind?: number
  readonly traceId?: string
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly startMs?: number
  readonly endMs?: number
  readonly scope?: string
  readonly status?: { code: number; message?: string }
  readonly events?: SpanLike['events']
  readonly resource?: Record<string, unknown>
}

const START_MS = Date.UTC(2026, 10, 1)

/** An ended span with these attributes. */
export function span(attributes: Record<string, unknown>, parts: SpanParts = {}): SpanLike {
  const traceId = parts.traceId ?? '0af7651916cd43dd8448eb211c80319c'
  const spanId = parts.spanId ?? 'b7ad6b7169203331'
  return {
    name: parts.name ?? 'span',
    kind: parts.kind ?? 0,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    ...(parts.parentSpanId === undefined ? {} : { parentSpanContext: { spanId: parts.parentSpanId } }),
    startTime: hrTime(parts.startMs ?? START_MS),
    endTime: hrTime(parts.endMs ?? START_MS + 1_000),
    status: parts.status ?? { code: 0 },
    attributes,
    events: parts.events ?? [],
    resource: { attributes: parts.resource ?? {} },
    instrumentationScope: { name: parts.scope ?? 'test' },
  }
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1_000_000)]
}

/** A successful model call; say what differs. */
export function call(differences: Partial<Call> = {}): Call {
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
  return {
    ...emptyCall(ids, START_MS),
    kind: 'model',
    billable: 1,
    call_type: 'CHAT',
    name: 'chat gpt-5',
    sdk: 'ai',
    sdk_version: '7',
    converter_version: '0.1.0',
    provider: 'openai',
    raw_provider: 'openai',
    model: 'gpt-5',
    request_model: 'gpt-5',
    finish_reason: 'stop',
    streaming: 0,
    input_tokens: 100,
    output_tokens: 40,
    total_tokens: 140,
    usage_source: 'span',
    cost_nano_usd: 525_000,
    cost_source: 'list',
    price_version: 'list@test',
    ended_at: START_MS + 1_000,
    duration_ms: 1_000,
    ...differences,
  }
}
