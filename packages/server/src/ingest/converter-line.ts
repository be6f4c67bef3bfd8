import { type ContentPolicy, createContentMemory } from '@spanledger/core'
import type { SpanFormat } from '../otlp/read-spans.ts'
import { convertSpans, type ConvertedSpans } from './convert-spans.ts'
import type { LivePrices } from '../prices/live-prices.ts'

/** Converts bodies of spans one after the other. */
export interface ConverterLine {
  /** Resolves when the bodies before it and this one are converted. Rejects with a `MalformedBody`. */
  convert(body: Buffer, format: SpanFormat): Promise<ConvertedSpans>
}

export interface ConverterLineOptions {
  readonly content: ContentPolicy
  readonly prices: LivePrices
  readonly maxSpans: number
  /** Resolves when more calls may be made. */
  readonly room: () => Promise<void>
}

/** Makes an empty line. */
export function createConverterLine({ content, prices, maxSpans, room }: ConverterLineOptions): ConverterLine {
  const memory = createContentMemory()
  let last: Promise<unknown> = Promise.resolve()
  return {
    // No body is converted while many calls wait: a body takes far less memory than its calls.
    convert(body, format) {
      const converted = last.then(async () => {
        await room()
        const convert = { content, memory, prices: await prices.book() }
        return convertSpans(body, format, { maxSpans, convert })
      })
      last = converted.catch(() => {})
      return converted
    },
  }
}
