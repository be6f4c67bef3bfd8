import { type CallKind, callKindOf } from '../call/call-words.ts'
import type { SpanLike } from '../span/span-like.ts'
import { textOf } from '../json/attribute-values.ts'
import { GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import { AI_SDK_LEGACY, isLegacyStreamEvent, legacyFunctionIdOf, legacyToolCallIdOf } from './ai-sdk/legacy.ts'
import { AI_SDK_7 } from './ai-sdk/seven.ts'
import type { Dialect, StartedSpan } from './dialect.ts'
import type { Draft } from './draft.ts'
import { GEN_AI_DIALECT } from './gen-ai/gen-ai.ts'

/** Every dialect. The first one that knows a span reads it, so the GenAI conventions, which most build on, come last. */
const DIALECTS: readonly Dialect[] = [AI_SDK_LEGACY, AI_SDK_7, GEN_AI_DIALECT]

/** The kind of an AI span, undefined for any other span. Works on a span that has just started. */
export function kindOf(span: StartedSpan): CallKind | undefined {
  const converted = callKindOf(span.attributes[SPANLEDGER.kind])
  if (converted !== undefined) return converted
  for (const dialect of DIALECTS) {
    const kind = dialect.kindOf(span)
    if (kind !== undefined) return kind
  }
  return undefined
}

/** Reads an AI span by the rules of its dialect; undefined for any other span. */
export function readSpan(span: SpanLike): Draft | undefined {
  for (const dialect of DIALECTS) {
    const draft = dialect.read(span)
    if (draft !== undefined) return draft
  }
  return undefined
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
