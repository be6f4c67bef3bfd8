import type { Call, ContentMode } from '@spanledger/core'
import type { OpenStoreOptions } from '@spanledger/store'
import type { Limits } from '../limits.ts'
import type { SpanFormat } from '../otlp/read-spans.ts'
import type { PriceSources } from '../prices/price-source.ts'

/** What the worker is started with. */
export interface IngestWorkerData {
  readonly database: Omit<OpenStoreOptions, 'now'>
  readonly content: ContentMode
  readonly prices: PriceSources
  readonly limits: Pick<Limits, 'spans' | 'callLines' | 'callLineBytes'>
}

/** What the worker is asked to do. The answer has the same id. */
export type IngestRequest =
  | { readonly id: number; readonly ask: 'spans'; readonly body: Uint8Array<ArrayBuffer>; readonly format: SpanFormat }
  | { readonly id: number; readonly ask: 'lines'; readonly body: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly ask: 'write'; readonly calls: readonly Call[] }
  | { readonly id: number; readonly ask: 'snapshot' }
  | { readonly id: number; readonly ask: 'close' }

/** What the worker posts: that it is ready, an answer, a failure, or a sentence for the log. */
export type IngestMessage =
  | { readonly say: 'ready' }
  | { readonly say: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly say: 'failure'; readonly id: number; readonly message: string }
  | { readonly say: 'problem'; readonly message: string }
