import {
  type ContentPolicy,
  createPriceBook,
  settleTrace,
  type SpanLike,
  toCall,
  toGenAI,
  type UsageSink,
} from '@spanledger/core'
import { contentPolicyOf, type ConvertOptions } from './span-converter.ts'

/** OpenTelemetry's `ExportResult`: 0 success, 1 failed. */
export interface ExportResultLike {
  code: number
  error?: Error
}

/**
 * A standard `SpanExporter` that writes calls to a sink, for applications that want their own batching. It sees ended
 * spans only, so what the trace knows is worked out within each batch; a queue in front of it drops spans when it is
 * full, and those calls are not counted. `UsageSpanProcessor` has neither limit.
 */
export class UsageLogExporter {
  readonly #sink: UsageSink
  readonly #content: ContentPolicy
  readonly #options: ConvertOptions

  constructor(sink: UsageSink, options: ConvertOptions = {}) {
    this.#sink = sink
    this.#content = contentPolicyOf(options.content)
    this.#options = { ...options, prices: options.prices ?? createPriceBook() }
  }

  export(spans: readonly SpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    try {
      const { prices, profile } = this.#options
      const calls = spans.flatMap((span) => toCall(toGenAI(span, { content: this.#content, prices, profile })) ?? [])
      for (const call of settleTrace(calls)) this.#sink.write(call)
      resultCallback({ code: 0 })
    } catch (error) {
      resultCallback({ code: 1, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  async forceFlush(): Promise<void> {
    await this.#sink.flush()
  }

  async shutdown(): Promise<void> {
    await this.#sink.close()
  }
}
