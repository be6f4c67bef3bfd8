import { isObject } from '../attribute-values.ts'
import type { Json } from '../call.ts'

/** The text of the last user message of `gen_ai.input.messages`. */
export function questionOf(inputMessages: Json): string | undefined {
  if (!Array.isArray(inputMessages)) return undefined
  const last = (inputMessages as readonly Json[]).findLast((message) => isObject(message) && message['role'] === 'user')
  return isObject(last) ? textOfParts(last['parts']) : undefined
}

/** The text of `gen_ai.output.messages`. */
export function answerOf(outputMessages: Json): string | undefined {
  if (!Array.isArray(outputMessages)) return undefined
  const texts = (outputMessages as readonly Json[]).flatMap((message) =>
    isObject(message) ? (textOfParts(message['parts']) ?? []) : [],
  )
  return texts.length > 0 ? texts.join('\n') : undefined
}

/** The text of `gen_ai.system_instructions`. */
export function systemPromptOf(systemInstructions: Json): string | undefined {
  return textOfParts(systemInstructions)
}

function textOfParts(parts: Json | undefined): string | undefined {
  if (!Array.isArray(parts)) return undefined
  const texts = (parts as readonly Json[]).flatMap((part) =>
    isObject(part) && part['type'] === 'text' && typeof part['content'] === 'string' ? [part['content']] : [],
  )
  return texts.length > 0 ? texts.join('\n') : undefined
}
