import type { Context } from '@opentelemetry/api'
import type { SpanLike } from '@spanledger/core'
import { createGuard } from './guard.ts'
import { type ConvertOptions, createSpanConverter } from './span-converter.ts'
import { isLedgerProcessor, type SpanProcessorLike } from './span-processor-like.ts'
import type { StartedSpanLike } from './trace-stamps.ts'

const SAMPLED = 1

/**
 * A span processor around others: they receive AI spans in current GenAI conventions and all other spans unchanged. The
 * span itself is not modified, so processors beside this one see what the AI SDK wrote.
 *
 * `new GenAISpanProcessor([new BatchSpanProcessor(new OTLPTraceExporter()), new UsageSpanProcessor(sink)])`
 *
 * Failures in here or in an inner processor are counted and reported to `diag`; they reach neither the application nor
 * the other processors.
 */
export class GenAISpanProcessor implements SpanProcessorLike {
  readonly #processors: readonly SpanProcessorLike[]
  readonly #ledgers
  readonly #converter
  readonly #guard
  // The application's own processors are guarded but never skipped, however often they throw.
  readonly #foreign = createGuard({ breaks: false })

  constructor(processors: SpanProcessorLike | readonly SpanProcessorLike[], options: ConvertOptions = {}) {
    this.#processors = [processors].flat()
    this.#ledgers = this.#processors.filter((processor) => isLedgerProcessor(processor))
    for (const ledger of this.#ledgers) ledger.takeConverted()
    const onFault = (site: string, error: unknown) => {
      for (const ledger of this.#ledgers) ledger.onFault?.(site, error)
    }
    this.#guard = createGuard({ onFault })
    const wantStarts = this.#ledgers.filter((ledger) => ledger.wantsStarts)
    const onStarted = (span: SpanLike) => {
      for (const ledger of wantStarts) this.#guard.run('reporting the start of a call', () => ledger.onStarted?.(span))
    }
    this.#converter = createSpanConverter(options, {
      onStarted: wantStarts.length > 0 ? onStarted : undefined,
      onNeverEnded: (span, status) => {
        for (const ledger of this.#ledgers) {
          this.#guard.run('reporting an open call', () => ledger.onNeverEnded(span, status))
        }
      },
      onToolFailure: (call) => {
        for (const ledger of this.#ledgers) {
          this.#guard.run('reporting a failed tool', () => ledger.onToolFailure?.(call))
        }
      },
      onFault,
    })
  }

  onStart(span: StartedSpanLike, parentContext: Context): void {
    this.#guard.run('reading the start of a span', () => this.#converter.onStart(span, parentContext))
    for (const processor of this.#processorsFor(span)) {
      this.#foreign.run('onStart of a span processor', () => processor.onStart(span, parentContext))
    }
  }

  onEnd(span: SpanLike): void {
    let converted = span
    this.#guard.run('converting a span', () => {
      converted = this.#converter.onEnd(span)
    })
    for (const processor of this.#processorsFor(span)) {
      this.#foreign.run('onEnd of a span processor', () => processor.onEnd(converted))
    }
  }

  async forceFlush(): Promise<void> {
    await allOf(this.#processors.map(async (processor) => processor.forceFlush()))
  }

  /** Stores provider calls that are still open, without an end. For a process that is about to exit. */
  abandonOpenCalls(): void {
    this.#guard.run('closing open calls', () => this.#converter.abandonAll())
  }

  /** Abandons open calls, then shuts down every inner processor. */
  async shutdown(): Promise<void> {
    this.abandonOpenCalls()
    this.#converter.close()
    await allOf(this.#processors.map(async (processor) => processor.shutdown()))
  }

  // Spans that a sampler dropped are recorded for the ledger only; an exporter would send them.
  #processorsFor(span: { spanContext(): { readonly traceFlags?: number } }): readonly SpanProcessorLike[] {
    let isSampled = true
    this.#guard.run('reading the context of a span', () => {
      isSampled = ((span.spanContext().traceFlags ?? SAMPLED) & SAMPLED) !== 0
    })
    return isSampled ? this.#processors : this.#ledgers
  }
}

// A failing processor must not keep the others from finishing. The first failure is rethrown.
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
