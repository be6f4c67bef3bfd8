import { legacyKindOf, legacyOperationOf, readLegacy } from './ai-sdk/legacy.ts'
import { AI_SDK_7_SCOPE, readSeven, sevenKindOf } from './ai-sdk/seven.ts'
import type { Attributes } from '../json/attribute-values.ts'
import { SPANLEDGER } from '../vocabulary/attributes.ts'
import { type CallKind, callKindOf } from '../call/call.ts'
import type { Draft } from './draft.ts'
import { genAIKindOf, genAIOperationOf, readGenAI } from './gen-ai/gen-ai.ts'
import type { SpanLike } from '../span/span-like.ts'

/** The part of a span that is known from its start. */
export interface StartedSpan {
  readonly attributes: Attributes
  readonly instrumentationScope?: { readonly name: string } | undefined
}

/**
 * The kind of an AI span; undefined for any other span. Works on a span that has just started. A new dialect adds one
 * reader here.
 */
export function kindOf(span: StartedSpan): CallKind | undefined {
  const { attributes } = span
  const converted = callKindOf(attributes[SPANLEDGER.kind])
  if (converted !== undefined) return converted
  const legacy = legacyOperationOf(attributes)
  if (legacy !== undefined) return legacyKindOf(legacy)
  const operation = genAIOperationOf(attributes)
  if (operation === undefined) return undefined
  const seven = span.instrumentationScope?.name === AI_SDK_7_SCOPE ? sevenKindOf(operation) : undefined
  return seven ?? genAIKindOf(operation, attributes)
}

/** Reads a span by the rules of its dialect; undefined for a span that is not an AI span. */
export function readSpan(span: SpanLike): Draft | undefined {
  const legacy = legacyOperationOf(span.attributes)
  if (legacy !== undefined) return readLegacy(span, legacy)
  const operation = genAIOperationOf(span.attributes)
  if (operation === undefined) return undefined
  return span.instrumentationScope?.name === AI_SDK_7_SCOPE ? readSeven(span, operation) : readGenAI(span, operation)
}
