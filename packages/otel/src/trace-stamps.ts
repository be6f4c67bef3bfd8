import { type Context, context, trace } from '@opentelemetry/api'
import {
  type Attribution,
  attributionOf,
  type CallKind,
  combineAttribution,
  coveredMs,
  createGenerations,
  functionIdOf,
  type Interval,
  kindOf,
  LEAF_KINDS,
  msBetween,
  sdkAttributionOf,
  type SpanLike,
  type StartedSpan,
  type TraceFacts,
} from '@spanledger/core'
import { attributionIn } from './usage-context.ts'

/** A span as `onStart` receives it. */
export interface StartedSpanLike extends StartedSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
  readonly parentSpanContext?: { readonly spanId: string } | undefined
}

/** What is remembered about one span. */
export interface Stamp {
  readonly spanId: string
  readonly kind: CallKind | undefined
  /** The nearest AI span above, which may be a step. */
  readonly above: Stamp | undefined
  readonly runId: string
  /** From the innermost `withUsage`. */
  readonly attribution: Attribution | undefined
  /** The model call that requested a tool. */
  readonly askedBy: string | undefined
  /** From `withUsage` and from above, as of the start of the span. */
  readonly inherited: Attribution
  /** The SDK's metadata on this span, or on the call it belongs to. Known from the start of the span. */
  readonly metadata: Attribution | undefined
  readonly functionId: string | undefined
  /** Undefined after the end, because its attributes could keep a whole prompt in memory. */
  span: StartedSpanLike | undefined
  lastModelId: string | undefined
  isWrapper: boolean
  /** Whether a provider call has started below. */
  hasLeaf: boolean
  toolTimes: Interval[] | undefined
}

/** Remembers what children and the end of a span need to know, for AI spans and the spans between them. */
export interface TraceStamps {
  /** The stamp of a starting AI span; undefined for any other span. */
  onStart(span: StartedSpanLike, parentContext: Context): Stamp | undefined
  /** The stamp of a started AI span; undefined for any other span. */
  stampOf(spanId: string): Stamp | undefined
  /** Call when the span has ended. Its stamp then only serves children that start late. */
  onEnd(stamp: Stamp, span: SpanLike): void
}

// A stamp without its span takes a few hundred bytes. Children may start after their parent has ended, so stamps are
// forgotten by age.
const GENERATION = 5_000

export function createTraceStamps(): TraceStamps {
  const stamps = createGenerations(GENERATION, () => new Map<string, Stamp>())
  const find = (spanId: string) => stamps.young.get(spanId) ?? stamps.old.get(spanId)
  const keep = (stamp: Stamp) => {
    stamps.makeRoom()
    stamps.young.set(stamp.spanId, stamp)
  }
  return {
    onStart(span, parentContext) {
      const kind = kindOf(span)
      const parentId = span.parentSpanContext?.spanId ?? trace.getSpanContext(parentContext)?.spanId
      const parent = parentId === undefined ? undefined : find(parentId)
      // Spans in between are stamped too, or they would break the chain from an agent to its sub-agent.
      if (kind === undefined && parent === undefined) return undefined
      const attribution = attributionIn(parentContext) ?? attributionIn(context.active())
      const stamp = stampOf(span, { kind, parent, attribution })
      keep(stamp)
      return aiStamp(stamp)
    },
    stampOf(spanId) {
      const stamp = find(spanId)
      return stamp === undefined ? undefined : aiStamp(stamp)
    },
    onEnd(stamp, span) {
      stamp.span = undefined
      if (stamp.kind !== 'tool' || stamp.above?.kind !== 'model') return
      const time = intervalOf(span)
      if (Number.isFinite(time.endMs)) (stamp.above.toolTimes ??= []).push(time)
    },
  }
}

/** What the trace knows about a span, ended or not. */
export function factsOf(stamp: Stamp, span: SpanLike): TraceFacts {
  return {
    runId: stamp.runId,
    parentId: stamp.askedBy ?? nearestRow(stamp.above)?.spanId,
    inherited: stamp.inherited,
    sdkMetadata: stamp.metadata,
    functionId: stamp.above?.functionId,
    isWrapper: stamp.isWrapper,
    isLeafLost: stamp.kind === 'run' && stamp.above === undefined && !stamp.hasLeaf,
    toolTimeMs: stamp.toolTimes === undefined ? 0 : coveredMs(stamp.toolTimes, intervalOf(span)),
  }
}

function aiStamp(stamp: Stamp): Stamp | undefined {
  return stamp.kind === undefined ? undefined : stamp
}

function stampOf(
  span: StartedSpanLike,
  from: { kind: CallKind | undefined; parent: Stamp | undefined; attribution: Attribution | undefined },
): Stamp {
  const { kind, parent, attribution } = from
  const above = parent === undefined || parent.kind !== undefined ? parent : parent.above
  const spanId = span.spanContext().spanId
  // SDKs put metadata on only some spans of a call. It applies to the whole call, down to the next call or a
  // `withUsage` in a tool.
  const isNewCall = kind === 'run' || kind === 'operation' || attribution !== above?.attribution
  const ofCall = isNewCall ? undefined : above?.metadata
  if (above !== undefined && kind === 'model') above.lastModelId = spanId
  if (above !== undefined && kind !== undefined && LEAF_KINDS.has(kind)) markLeaf(above)
  if (above !== undefined && kind !== undefined && kind === above.kind && CAN_WRAP.has(kind)) above.isWrapper = true
  return {
    spanId,
    kind,
    above,
    runId: above?.runId ?? spanId,
    attribution,
    askedBy: kind === 'tool' && above?.kind !== 'model' ? above?.lastModelId : undefined,
    inherited: combineAttribution(
      ofCall,
      combineAttribution(attribution, above === undefined ? undefined : attributionAt(above)),
    ),
    metadata: combined(
      readable(() => sdkAttributionOf(span.attributes)),
      ofCall,
    ),
    functionId: readable(() => functionIdOf(span)) ?? above?.functionId,
    span,
    lastModelId: undefined,
    isWrapper: false,
    hasLeaf: false,
    toolTimes: undefined,
  }
}

// If one stamp is marked, so are all above it.
function markLeaf(stamp: Stamp): void {
  for (let above: Stamp | undefined = stamp; above?.hasLeaf === false; above = above.above) above.hasLeaf = true
}

// Kinds that the AI SDK nests in a span of the same kind.
const CAN_WRAP: ReadonlySet<CallKind> = new Set<CallKind>([
  'model',
  'embedding',
  'rerank',
  'image',
  'speech',
  'transcription',
])

function nearestRow(stamp: Stamp | undefined): Stamp | undefined {
  let nearest = stamp
  while (nearest?.kind === 'step') nearest = nearest.above
  return nearest
}

// Read late, because an application may set attributes after the start of a span.
function attributionAt(stamp: Stamp): Attribution {
  const { span } = stamp
  const own = span === undefined ? undefined : readable(() => attributionOf(span.attributes))
  return combineAttribution(combineAttribution(own, stamp.metadata), stamp.inherited)
}

function combined(first: Attribution | undefined, second: Attribution | undefined): Attribution | undefined {
  return first === undefined || second === undefined ? (first ?? second) : combineAttribution(first, second)
}

function intervalOf({ startTime, endTime }: SpanLike): Interval {
  const startMs = startTime[0] * 1000 + startTime[1] / 1_000_000
  return { startMs, endMs: startMs + msBetween(startTime, endTime) }
}

// One hostile attribute must not cost this span, or those below it, their place in the trace.
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
