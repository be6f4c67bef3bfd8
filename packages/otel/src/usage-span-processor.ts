import type { Context } from '@opentelemetry/api'
import { type Call, SPANLEDGER, type SpanLike, toCall, toOpenCall, type UsageSink } from '@spanledger/core'
import { createGuard, type NotDone } from './guard.ts'
import type { NeverEnded } from './open-calls.ts'
import { type ConvertOptions, createSpanConverter, type SpanConverter } from './span-converter.ts'
import type { LedgerProcessor } from './span-processor-like.ts'
import type { StartedSpanLike } from './trace-stamps.ts'

/**
 * Writes one call to the sink for each AI span that ends; steps are folded into their run. A provider call that never
 * ends is written too, without tokens. Inside a `GenAISpanProcessor` it receives converted spans; on its own it
 * converts them itself, using `options`.
 *
 * `shutdown` closes the sink, because nothing follows it.
 */
export class UsageSpanProcessor implements LedgerProcessor {
  readonly wantsStarts: boolean
  readonly #sink: UsageSink
  readonly #guard
  #converter: SpanConverter | undefined

  constructor(sink: UsageSink, options: ConvertOptions = {}) {
    this.#sink = sink
    this.#guard = createGuard({ onFault: (site, error) => this.onFault(site, error) })
    this.wantsStarts = sink.start !== undefined
    this.#converter = createSpanConverter(options, {
      onStarted: this.wantsStarts ? (span) => this.onStarted(span) : undefined,
      onNeverEnded: (span, status) => this.onNeverEnded(span, status),
      onToolFailure: (call) => this.onToolFailure(call),
      onFault: (site, error) => this.onFault(site, error),
    })
  }

  takeConverted(): void {
    this.#converter?.close()
    this.#converter = undefined
  }

  onStart(span: StartedSpanLike, parentContext: Context): void {
    this.#guard.run('reading the start of a span', () => this.#converter?.onStart(span, parentContext))
  }

  onEnd(span: SpanLike): void {
    let converted = span
    const converter = this.#converter
    // Guarded separately, so that open calls are tracked correctly even if writing fails.
    if (converter !== undefined) {
      this.#guard.run('converting a span', () => {
        converted = converter.onEnd(span)
      })
    }
    const write = () => {
      const call = toCall(converted)
      return call === undefined || call.kind === 'step' ? undefined : this.#sink.write(call)
    }
    this.#guard.run('writing a call', write, (reason) => {
      const kind = converted.attributes[SPANLEDGER.kind]
      if (kind !== undefined && kind !== 'step') this.#leaveOut(reason)
    })
  }

  onStarted(span: SpanLike): void {
    this.#guard.run('writing the start of a call', () => {
      const call = toOpenCall(span, 'open')
      return call === undefined ? undefined : this.#sink.start?.(call)
    })
  }

  onNeverEnded(span: SpanLike, status: NeverEnded): void {
    const write = () => {
      const call = toOpenCall(span, status)
      return call === undefined ? undefined : this.#sink.write(call)
    }
    this.#guard.run('writing an open call', write, (reason) => this.#leaveOut(reason))
  }

  onToolFailure(call: Call): void {
    const write = () => this.#sink.write(call)
    this.#guard.run('writing a failed tool', write, (reason) => this.#leaveOut(reason))
  }

  onFault(site: string, error: unknown): void {
    this.#sink.fault?.(site, error)
  }

  async forceFlush(): Promise<void> {
    await this.#guard.settle('flushing the sink', () => this.#sink.flush())
  }

  async shutdown(): Promise<void> {
    this.#guard.run('closing open calls', () => {
      this.#converter?.abandonAll()
      this.#converter?.close()
    })
    await this.#guard.settle('closing the sink', () => this.#sink.close())
  }

  // An unwritten call is a loss, and every loss is counted.
  #leaveOut(reason: NotDone): void {
    this.#sink.leaveOut?.(reason)
  }
}
