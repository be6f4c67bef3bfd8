import { type Context, context, trace } from '@opentelemetry/api'
import {
  type CallKind,
  combineWho,
  coveredMs,
  type Interval,
  kindOf,
  LEAF_KINDS,
  msBetween,
  type SpanLike,
  type StartedSpan,
  type TraceFacts,
  type Who,
  whoOf,
  whoOfSdkMetadata,
} from '@spanledger/core'
import { usageOf } from './usage-context.ts'

/** A span as `onStart` gets it. */
export interface StartedSpanLike extends StartedSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
  readonly parentSpanContext?: { readonly spanId: string } | undefined
}

/** What is remembered of one span. */
export interface Stamp {
  readonly spanId: string
  readonly kind: CallKind | undefined
  /** The nearest AI span above, which may be a step. */
  readonly above: Stamp | undefined
  readonly runId: string
  /** From the innermost `withUsage`. */
  readonly usage: Who | undefined
  /** The model call that asked for a tool. */
  readonly askedBy: string | undefined
  /** From `withUsage` and from above, as it was when the span started. */
  readonly inherited: Who
  /** The SDK's metadata on this span, which is there from its start on, or on the call that it is part of. */
  readonly metadata: Who | undefined
  readonly functionId: string | undefined
  /** Until its end; afterwards its attributes could hold a whole prompt in memory. */
  span: StartedSpanLike | undefined
  lastModelId: string | undefined
  isWrapper: boolean
  /** Some provider call has started below. */
  hasLeaf: boolean
  toolTimes: Interval[] | undefined
}

/** Remembers of each AI span, and of spans between them, what their children and their own end need to know. */
export interface TraceStamps {
  /** The stamp of an AI span that starts; nothing for any other span. */
  onStart(span: StartedSpanLike, parentContext: Context): Stamp | undefined
  /** The stamp of an AI span that has started; nothing for any other span. */
  stampOf(spanId: string): Stamp | undefined
  /** The span has ended: from here on its stamp only serves children that start late. */
  onEnd(stamp: Stamp, span: SpanLike): void
}

// A stamp without its span takes a few hundred bytes. Children may start after their parent has ended, so stamps go by
// age: a generation at a time, because a map that loses its oldest entry at each insertion searches longer and longer.
const GENERATION = 5_000

export function createTraceStamps(): TraceStamps {
  let young = new Map<string, Stamp>()
  let old = new Map<string, Stamp>()
  const find = (spanId: string) => young.get(spanId) ?? old.get(spanId)
  const keep = (stamp: Stamp) => {
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    young.set(stamp.spanId, stamp)
  }
  return {
    onStart(span, parentContext) {
      const kind = kindOf(span)
      const parentId = span.parentSpanContext?.spanId ?? trace.getSpanContext(parentContext)?.spanId
      const parent = parentId === undefined ? undefined : find(parentId)
      // Spans in between are stamped too, or the chain from an agent to its sub-agent would break at them.
      if (kind === undefined && parent === undefined) return undefined
      const usage = usageOf(parentContext) ?? usageOf(context.active())
      const stamp = stampOf(span, { kind, parent, usage })
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
  from: { kind: CallKind | undefined; parent: Stamp | undefined; usage: Who | undefined },
): Stamp {
  const { kind, parent, usage } = from
  const above = parent === undefined || parent.kind !== undefined ? parent : parent.above
  const spanId = span.spanContext().spanId
  // SDKs put metadata on some spans of a call only; it is the whole call's, down to the next call or `withUsage` in a tool.
  const isNewCall = kind === 'run' || kind === 'operation' || usage !== above?.usage
  const ofCall = isNewCall ? undefined : above?.metadata
  if (above !== undefined && kind === 'model') above.lastModelId = spanId
  if (above !== undefined && kind !== undefined && LEAF_KINDS.has(kind)) tellOfLeaf(above)
  if (above !== undefined && kind !== undefined && kind === above.kind && CAN_WRAP.has(kind)) above.isWrapper = true
  return {
    spanId,
    kind,
    above,
    runId: above?.runId ?? spanId,
    usage,
    askedBy: kind === 'tool' && above?.kind !== 'model' ? above?.lastModelId : undefined,
    inherited: combineWho(ofCall, combineWho(usage, above === undefined ? undefined : whoAt(above))),
    metadata: combined(
      readable(() => whoOfSdkMetadata(span.attributes)),
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

// Where one has been told, all above it have.
function tellOfLeaf(stamp: Stamp): void {
  for (let above: Stamp | undefined = stamp; above?.hasLeaf === false; above = above.above) above.hasLeaf = true
}

// Kinds that the AI SDK puts into a span of the same kind.
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

// What a span says by now: an application may have set attributes on it since its start.
function whoAt(stamp: Stamp): Who {
  const { span } = stamp
  const own = span === undefined ? undefined : readable(() => whoOf(span.attributes))
  return combineWho(combineWho(own, stamp.metadata), stamp.inherited)
}

function combined(first: Who | undefined, second: Who | undefined): Who | undefined {
  return first === undefined || second === undefined ? (first ?? second) : combineWho(first, second)
}

function functionIdOf(span: StartedSpanLike): string | undefined {
  const id = span.attributes['gen_ai.agent.name'] ?? span.attributes['ai.telemetry.functionId']
  return typeof id === 'string' && id !== '' ? id : undefined
}

function intervalOf({ startTime, endTime }: SpanLike): Interval {
  const startMs = startTime[0] * 1000 + startTime[1] / 1_000_000
  return { startMs, endMs: startMs + msBetween(startTime, endTime) }
}

// One hostile attribute must not cost a span, or those below it, their place in the trace.
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
