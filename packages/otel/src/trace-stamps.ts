import { type Context, context, type Span, trace } from '@opentelemetry/api'
import {
  type CallKind,
  combineWho,
  coveredMs,
  type Interval,
  kindOf,
  msBetween,
  type SpanLike,
  type StartedSpan,
  toEpochMs,
  type TraceFacts,
  type Who,
  whoOf,
  whoOfSdkMetadata,
} from '@spanledger/core'
import { usageOf } from './usage-context.ts'

/** A span as `onStart` gets it. */
export interface StartedSpanLike extends StartedSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
}

/** What is remembered of one span. */
export interface Stamp {
  readonly span: StartedSpanLike
  readonly kind: CallKind | undefined
  /** The nearest AI span above, which may be a step. */
  readonly above: Stamp | undefined
  readonly usage: Who | undefined
  readonly runId: string
  readonly askedBy: string | undefined
  lastModelId: string | undefined
  isWrapper: boolean
  toolTimes: Interval[] | undefined
}

/**
 * Remembers of each span what its children and its own end need to know. Stamps hang on the span objects, so they go
 * when the spans go, ended or not.
 */
export interface TraceStamps {
  /** The stamp of an AI span that starts; nothing for any other span. */
  onStart(span: StartedSpanLike, parentContext: Context): Stamp | undefined
  /** The stamp of an AI span; nothing for any other span. */
  stampOf(span: object): Stamp | undefined
  /** What the trace knows about a span, ended or not. */
  factsOf(stamp: Stamp, span: SpanLike): TraceFacts
}

export function createTraceStamps(): TraceStamps {
  const stamps = new WeakMap<object, Stamp>()
  return {
    onStart(span, parentContext) {
      const kind = kindOf(span)
      const parent = parentStamp(stamps, parentContext)
      const usage = usageOf(parentContext) ?? usageOf(context.active())
      // Spans in between are stamped too, or the chain from an agent to its sub-agent would break at them.
      if (kind === undefined && parent === undefined) return undefined
      const stamp = stampOf(span, { kind, parent, usage })
      stamps.set(span, stamp)
      return kind === undefined ? undefined : stamp
    },
    stampOf(span) {
      const stamp = stamps.get(span)
      return stamp?.kind === undefined ? undefined : stamp
    },
    factsOf: factsOfStamp,
  }
}

/** A tool that has ended inside a model call takes its time off that call. */
export function noteToolTime(stamp: Stamp, span: SpanLike): void {
  if (stamp.kind !== 'tool' || stamp.above?.kind !== 'model') return
  const startMs = preciseMs(span.startTime)
  ;(stamp.above.toolTimes ??= []).push({ startMs, endMs: startMs + msBetween(span.startTime, span.endTime) })
}

function parentStamp(stamps: WeakMap<object, Stamp>, parentContext: Context): Stamp | undefined {
  const parent: Span | undefined = trace.getSpan(parentContext)
  return parent === undefined ? undefined : stamps.get(parent)
}

function stampOf(
  span: StartedSpanLike,
  from: { kind: CallKind | undefined; parent: Stamp | undefined; usage: Who | undefined },
): Stamp {
  const { kind, parent, usage } = from
  const above = parent === undefined || parent.kind !== undefined ? parent : parent.above
  const spanId = span.spanContext().spanId
  if (above !== undefined && kind === 'model') above.lastModelId = spanId
  if (above !== undefined && kind !== undefined && kind === above.kind && kind !== 'run' && kind !== 'tool' && kind !== 'operation') {
    above.isWrapper = true
  }
  return {
    span,
    kind,
    above,
    usage,
    runId: above?.runId ?? spanId,
    askedBy: kind === 'tool' && above?.kind !== 'model' ? above?.lastModelId : undefined,
    lastModelId: undefined,
    isWrapper: false,
    toolTimes: undefined,
  }
}

function factsOfStamp(stamp: Stamp, span: SpanLike): TraceFacts {
  const startMs = preciseMs(span.startTime)
  return {
    runId: stamp.runId,
    parentId: stamp.askedBy ?? nearestRow(stamp.above)?.span.spanContext().spanId,
    inherited: combineWho(stamp.usage, whoAbove(stamp.above)),
    functionId: functionIdAbove(stamp.above),
    isWrapper: stamp.isWrapper,
    toolTimeMs:
      stamp.toolTimes === undefined
        ? 0
        : coveredMs(stamp.toolTimes, { startMs, endMs: startMs + msBetween(span.startTime, span.endTime) }),
  }
}

function nearestRow(stamp: Stamp | undefined): Stamp | undefined {
  let nearest = stamp
  while (nearest?.kind === 'step') nearest = nearest.above
  return nearest
}

// Read at the end of the child, because an application may set attributes on its spans at any time.
function whoAbove(stamp: Stamp | undefined): Who | undefined {
  let who: Who | undefined
  for (let above = stamp; above !== undefined; above = above.above) {
    const { attributes } = above.span
    const own = combineWho(combineWho(whoOf(attributes), whoOfSdkMetadata(attributes)), above.usage)
    who = combineWho(who, own)
  }
  return who
}

function functionIdAbove(stamp: Stamp | undefined): string | undefined {
  for (let above = stamp; above !== undefined; above = above.above) {
    const { attributes } = above.span
    const id = attributes['gen_ai.agent.name'] ?? attributes['ai.telemetry.functionId']
    if (typeof id === 'string' && id !== '') return id
  }
  return undefined
}

function preciseMs(time: SpanLike['startTime']): number {
  return toEpochMs([time[0], 0]) + time[1] / 1_000_000
}
