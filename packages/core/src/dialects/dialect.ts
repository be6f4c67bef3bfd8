import type { CallKind } from '../call/call-words.ts'
import type { Attributes } from '../json/attribute-values.ts'
import type { SpanLike } from '../span/span-like.ts'
import type { Draft } from './draft.ts'

/** The part of a span that is known when it starts. */
export interface StartedSpan {
  readonly attributes: Attributes
  readonly instrumentationScope?: { readonly name: string } | undefined
}

/** One vocabulary of AI spans. Its names appear in its own room only, and each is renamed once, by `read`. */
export interface Dialect {
  /** The kind of an AI span, from its start on; undefined for a span that does not speak this dialect. */
  kindOf(span: StartedSpan): CallKind | undefined
  /** What the span says; undefined for a span that does not speak this dialect. */
  read(span: SpanLike): Draft | undefined
}
