import { isObject } from '../attribute-values.ts'
import type { Json, JsonObject } from '../call.ts'
import type { ContentDraft } from './content-policy.ts'
import { answerOf, questionOf, systemPromptOf } from './content-text.ts'

const ATTACHMENTS = new Set(['blob', 'uri', 'file'])

/** Characters and counts of what was said, for what is there; they are kept in every mode. */
export function contentLengths(draft: ContentDraft): JsonObject {
  const lengths: Record<string, number> = {}
  const set = (name: string, value: number | undefined) => {
    if (value !== undefined && value > 0) lengths[name] = value
  }
  set('systemPrompt', systemPromptOf(draft.systemInstructions ?? null)?.length)
  set('inputMessages', countOf(draft.inputMessages))
  set('question', questionOf(draft.inputMessages ?? null)?.length)
  set('answer', answerOf(draft.outputMessages ?? null)?.length)
  set('attachments', attachmentsOf(draft.inputMessages))
  set('toolDefinitions', countOf(draft.toolDefinitions))
  set('toolArguments', lengthOf(draft.toolArguments))
  set('toolResult', lengthOf(draft.toolResult))
  return lengths
}

function countOf(list: Json | undefined): number | undefined {
  return Array.isArray(list) ? list.length : undefined
}

function attachmentsOf(messages: Json | undefined): number {
  if (!Array.isArray(messages)) return 0
  let count = 0
  for (const message of messages as readonly Json[]) {
    const parts = isObject(message) ? message['parts'] : undefined
    if (!Array.isArray(parts)) continue
    for (const part of parts as readonly Json[]) if (isObject(part) && ATTACHMENTS.has(String(part['type']))) count += 1
  }
  return count
}

// On a span these are texts; a structured value counts as the JSON that it would be.
function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length
  if (value === undefined || value === null) return undefined
  try {
    return JSON.stringify(value)?.length
  } catch {
    return undefined
  }
}
