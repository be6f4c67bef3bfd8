import {
  isLegacyStreamEvent,
  legacyFunctionIdOf,
  legacyKindOf,
  legacyOperationOf,
  legacyToolCallIdOf,
  readLegacy,
} from './ai-sdk/legacy.ts'
import { AI_SDK_7_SCOPE, readSeven, sevenKindOf } from './ai-sdk/seven.ts'
import { type Attributes, textOf } from '../json/attribute-values.ts'
import { GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
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

/** The application's own name for a run that has started: an agent's name or the AI SDK's `functionId`. */
export function functionIdOf({ attributes }: StartedSpan): string | undefined {
  return textOf(attributes[GEN_AI.agentName]) ?? legacyFunctionIdOf(attributes)
}

/** The id of the tool call that a tool span is for; known from its start. */
export function toolCallIdOf({ attributes }: StartedSpan): string | undefined {
  return legacyToolCallIdOf(attributes) ?? textOf(attributes[GEN_AI.toolCallId])
}

/** Whether an event only carries content, or the progress of a stream, which converted spans carry as attributes. */
export function isContentEvent(eventName: string): boolean {
  return eventName.startsWith('gen_ai.') || isLegacyStreamEvent(eventName)
}

/** Reads a span by the rules of its dialect; undefined for a span that is not an AI span. */
export function readSpan(span: SpanLike): Draft | undefined {
  const legacy = legacyOperationOf(span.attributes)
  if (legacy !== undefined) return readLegacy(span, legacy)
  const operation = genAIOperationOf(span.attributes)
  if (operation === undefined) return undefined
  return span.instrumentationScope?.name === AI_SDK_7_SCOPE ? readSeven(span, operation) : readGenAI(span, operation)
}
