import type { JsonObject } from '../call.ts'
import type { ContentDraft } from './content.ts'
import { textLengthOf } from './content-text.ts'
import { isAttachment, isListOrText, lastUserTurn, messagesOf, partsOf } from './genai-content.ts'
import type { Message } from './genai-content.ts'

/** Lengths and counts of what a draft holds, before anything is cut: texts in UTF-16 units. What is not there has no length. */
export function lengthsOf(draft: ContentDraft): JsonObject {
  const { systemInstructions, inputMessages, outputMessages, toolDefinitions, question } = draft
  const lengths: Record<string, number> = {}
  const set = (name: string, length: number | undefined): void => {
    if (length !== undefined && length > 0) lengths[name] = length
  }
  const input = messagesOf(inputMessages, 'user')
  const output = messagesOf(outputMessages, 'assistant')
  set('inputMessages', isListOrText(inputMessages) ? countOf(inputMessages, input) : undefined)
  set('question', question?.length ?? textLengthOf(lastUserTurn(input)?.parts ?? []))
  set('systemPrompt', textLengthOf(partsOf(systemInstructions)) ?? systemLength(input))
  set('answer', textLengthOf(output.flatMap(({ parts }) => parts)))
  set('toolDefinitions', Array.isArray(toolDefinitions) ? toolDefinitions.length : undefined)
  set('attachments', countAttachments(input) + countAttachments(output))
  return lengths
}

/** The system prompt may also be the first of the messages. */
function systemLength(input: readonly Message[]): number | undefined {
  if (input[0]?.role !== 'system') return undefined
  return textLengthOf(input.filter(({ role }) => role === 'system').flatMap(({ parts }) => parts))
}

function countOf(value: unknown, messages: readonly Message[]): number {
  return Array.isArray(value) ? value.length : messages.length
}

function countAttachments(messages: readonly Message[]): number {
  let count = 0
  for (const { parts } of messages) for (const part of parts) if (isAttachment(part)) count += 1
  return count
}
