import type { Json } from '../json/json.ts'
import { isTextPart, lastUserTurn, messagesOf, partsOf } from './genai-content.ts'
import type { Fields } from './genai-content.ts'

/** What the user asked last: the texts of the last user message, one a line. */
export function questionOf(inputMessages: Json): string | undefined {
  return textOf(lastUserTurn(messagesOf(inputMessages, 'user'))?.parts ?? [])
}

/** What the model answered: the texts of all output messages, one a line. */
export function answerOf(outputMessages: Json): string | undefined {
  let answer: string | undefined
  for (const { parts } of messagesOf(outputMessages, 'assistant')) answer = withTextOf(parts, answer)
  return answer
}

/** The system prompt: the texts of `gen_ai.system_instructions`. */
export function systemPromptOf(systemInstructions: Json): string | undefined {
  return textOf(partsOf(systemInstructions))
}

/** The texts of some parts, one a line. */
export function textOf(parts: readonly Fields[]): string | undefined {
  return withTextOf(parts, undefined)
}

function withTextOf(parts: readonly Fields[], before: string | undefined): string | undefined {
  let text = before
  // Nearly always there is one, which then needs no copy.
  for (const part of parts) if (isTextPart(part)) text = text === undefined ? part.content : `${text}\n${part.content}`
  return text
}

/** How long `textOf` would be; long prompts need not be joined to be counted. */
export function textLengthOf(parts: readonly Fields[]): number | undefined {
  let length = -1
  for (const part of parts) if (isTextPart(part)) length += part.content.length + 1
  return length < 0 ? undefined : length
}
