import {
  type ContentPolicy,
  createPriceBook,
  settleTrace,
  type SpanLike,
  toCall,
  toError,
  toGenAI,
  type UsageSink,
} from '@spanledger/core'
import { createGuard } from './guard.ts'
import { contentPolicyOf, type ConvertOptions } from './span-converter.ts'

/** OpenTelemetry's `ExportResult`: 0 success, 1 failed. */
export interface ExportResultLike {
  code: number
  error?: Error
}

/**
 * A standard `SpanExporter` that writes calls to a sink, for applications with their own batching. It sees only ended
 * spans, so facts about a trace are derived within each batch. A full queue in front of it drops spans uncounted.
 * `UsageSpanProcessor` has neither limit.
 */
export class UsageLogExporter {
  readonly #sink: UsageSink
  readonly #content: ContentPolicy
  readonly #options: ConvertOptions
  readonly #guard

  constructor(sink: UsageSink, options: ConvertOptions = {}) {
    this.#sink = sink
    this.#guard = createGuard({ onFault: (site, thrown) => sink.fault?.(site, thrown) })
    this.#content = contentPolicyOf(options.content)
    this.#options = { ...options, prices: options.prices ?? createPriceBook() }
  }

  /** Exports each span separately: one that cannot be written fails the result, not the batch. */
  export(spans: readonly SpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    let error: Error | undefined
    const attempt = <T>(work: () => T): T | undefined => {
      try {
        const result = work()
        this.#guard.run('writing a call', () => result)
        return result
      } catch (thrown) {
        error = toError(thrown)
        this.#guard.run('counting a fault', () => this.#sink.fault?.('exporting a call', thrown))
        return undefined
      }
    }
    const { prices, profile } = this.#options
    const calls = spans.flatMap(
      (span) => attempt(() => toCall(toGenAI(span, { content: this.#content, prices, profile }))) ?? [],
    )
    for (const call of attempt(() => settleTrace(calls)) ?? []) attempt(() => this.#sink.write(call))
    this.#guard.run('the result of an export', () =>
      resultCallback(error === undefined ? { code: 0 } : { code: 1, error }),
    )
  }

  async forceFlush(): Promise<void> {
    await this.#guard.settle('flushing the sink', () => this.#sink.flush())
  }

  async shutdown(): Promise<void> {
    await this.#guard.settle('closing the sink', () => this.#sink.close())
  }
}
