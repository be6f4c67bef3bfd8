import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { type Capture, type CaptureOptions, keepSpans, settle } from './capture.ts'

/** Captures any number of runs at a time, each with spans and processors of its own. */
export interface SharedCapture {
  /** As `capture` does, but settings of the tracer provider and the context manager are shared and cannot be given. */
  readonly capture: (options: CaptureOptions, fn: () => Promise<unknown>) => Promise<Capture>
  /** Spans that could not be told to belong to any run. */
  readonly strays: readonly string[]
  /** Takes the globals down again. */
  close(): Promise<void>
}

/** The processors of one run. */
type RunProcessors = readonly SpanProcessor[]

/** Registers one tracer provider for the process; it hands every span to the run that started it. */
export function createSharedCapture(): SharedCapture {
  const strays: string[] = []
  const contextManager = new AsyncLocalStorageContextManager().enable()
  const current = new AsyncLocalStorage<RunProcessors>()
  const provider = new BasicTracerProvider({ spanProcessors: [routeSpans(current, strays)] })
  if (!trace.setGlobalTracerProvider(provider)) throw new Error('Another tracer provider is registered')
  context.setGlobalContextManager(contextManager)
  return {
    strays,
    async capture(options, fn) {
      if (options.provider !== undefined || options.contextManager === false) {
        throw new Error('A shared capture takes neither provider settings nor contextManager; use capture')
      }
      const spans: ReadableSpan[] = []
      const open = new Set<ReadableSpan>()
      const processors = [...(options.processors ?? []), keepSpans(spans, open)]
      const error = await current.run(processors, async () => {
        const run = options.around === undefined ? fn() : options.around(fn)
        return await run.then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
      })
      await settle(open, options.settleMs ?? 250)
      await Promise.all(processors.map((processor) => processor.shutdown()))
      return { spans: [...spans], open: [...open], error }
    },
    async close() {
      trace.disable()
      context.disable()
      contextManager.disable()
      await provider.shutdown()
    },
  }
}

// A span belongs to the run of its trace, and the first span of a trace to the run that is being executed.
function routeSpans(current: AsyncLocalStorage<RunProcessors>, strays: string[]): SpanProcessor {
  const runs = new Map<string, RunProcessors>()
  return {
    onStart(span: Span, parentContext: Context) {
      const { traceId } = span.spanContext()
      const run = runs.get(traceId) ?? current.getStore()
      if (run === undefined) {
        strays.push(span.name)
        return
      }
      runs.set(traceId, run)
      for (const processor of run) processor.onStart(span, parentContext)
    },
    onEnd(span) {
      for (const processor of runs.get(span.spanContext().traceId) ?? []) processor.onEnd(span)
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}
