import type { Json } from '../json/json.ts'
import { isTextPart, lastUserTurn, messagesOf, partsOf } from './genai-content.ts'
import type { Fields } from './genai-content.ts'

/** The last question of the user: the texts of the last user message, one per line. */
export function questionOf(inputMessages: Json): string | undefined {
  return textOf(lastUserTurn(messagesOf(inputMessages, 'user'))?.parts ?? [])
}

/** The answer of the model: the texts of all output messages, one per line. */
export function answerOf(outputMessages: Json): string | undefined {
  let answer: string | undefined
  for (const { parts } of messagesOf(outputMessages, 'assistant')) answer = withTextOf(parts, answer)
  return answer
}

/** The system prompt: the texts of `gen_ai.system_instructions`, one per line. */
export function systemPromptOf(systemInstructions: Json): string | undefined {
  return textOf(partsOf(systemInstructions))
}

/** The texts of message parts, one per line. */
export function textOf(parts: readonly Fields[]): string | undefined {
  return withTextOf(parts, undefined)
}

function withTextOf(parts: readonly Fields[], before: string | undefined): string | undefined {
  let text = before
  // Usually there is one text, which needs no copy.
  for (const part of parts) if (isTextPart(part)) text = text === undefined ? part.content : `${text}\n${part.content}`
  return text
}

/** The length that `textOf` would return, without joining long prompts. */
export function textLengthOf(parts: readonly Fields[]): number | undefined {
  let length = -1
  for (const part of parts) if (isTextPart(part)) length += part.content.length + 1
  return length < 0 ? undefined : length
}
