import { setTimeout as sleep } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { ReadableSpan, SpanProcessor, TracerConfig } from '@opentelemetry/sdk-trace-base'

/** How spans are caught. */
export interface CaptureOptions {
  /** Further settings of the tracer provider: sampler, resource, limits. */
  readonly provider?: Omit<TracerConfig, 'spanProcessors'>
  /** Further processors, called before the one that keeps the spans. */
  readonly processors?: readonly SpanProcessor[]
  /** False leaves out the context manager, as applications with nothing but `sdk-trace-base` do. Default true. */
  readonly contextManager?: boolean
  /** Wraps what runs, inside the context manager: `(run) => withUsage(…, run)`. */
  readonly around?: (run: () => Promise<unknown>) => Promise<unknown>
  /** How long to wait for open spans once `fn` has settled. Default 250 ms; a span that never ends takes all of it. */
  readonly settleMs?: number
}

/** Every span of one run. */
export interface Capture {
  /** In the order in which they ended. */
  readonly spans: readonly ReadableSpan[]
  /** Started and never ended, in the order in which they started. */
  readonly open: readonly ReadableSpan[]
  /** What `fn` threw. */
  readonly error: unknown
}

/** The ended spans of what `fn` does, which may fail. */
export async function captureSpans(options: CaptureOptions, fn: () => Promise<unknown>): Promise<ReadableSpan[]> {
  return [...(await capture(options, fn)).spans]
}

/**
 * Runs `fn` under a global tracer provider of its own and tells what happened to every span.
 * The globals are taken down again whatever happens, so only one capture can run at a time in a process.
 */
export async function capture(options: CaptureOptions, fn: () => Promise<unknown>): Promise<Capture> {
  const spans: ReadableSpan[] = []
  const open = new Set<ReadableSpan>()
  const provider = new BasicTracerProvider({
    ...options.provider,
    spanProcessors: [...(options.processors ?? []), keepSpans(spans, open)],
  })
  const contextManager = new AsyncLocalStorageContextManager().enable()
  try {
    if (!trace.setGlobalTracerProvider(provider)) throw new Error('Another tracer provider is registered')
    if (options.contextManager !== false) context.setGlobalContextManager(contextManager)
    const run = options.around === undefined ? fn() : options.around(fn)
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    await settle(open, options.settleMs ?? 250)
    return { spans, open: [...open], error }
  } finally {
    trace.disable()
    context.disable()
    contextManager.disable()
    await provider.shutdown()
  }
}

/** Keeps spans in a list as they end, and in a set until they do. */
export function keepSpans(spans: ReadableSpan[], open: Set<ReadableSpan>): SpanProcessor {
  return {
    onStart: (span) => void open.add(span),
    onEnd: (span) => {
      open.delete(span)
      spans.push(span)
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

/** Waits until no span is open, or for as long as it may. */
export async function settle(open: ReadonlySet<ReadableSpan>, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs
  while (open.size > 0 && performance.now() < until) await sleep(5)
}
