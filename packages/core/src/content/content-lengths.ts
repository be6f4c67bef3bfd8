import type { JsonObject } from '../json/json.ts'
import type { ContentDraft, ToolLengths } from './content.ts'
import { textLengthOf } from './content-text.ts'
import { type DraftMessages, isAttachment, isListOrText, isTextPart, type Message, partsOf } from './genai-content.ts'

/** Lengths and counts of a draft before anything is cut, in UTF-16 units. Absent content has no entry. */
export function lengthsOf(draft: ContentDraft, { input, output, turn }: DraftMessages, tool: ToolLengths): JsonObject {
  const { systemInstructions, inputMessages, toolDefinitions, question } = draft
  const lengths: Record<string, number> = {}
  const messages = Array.isArray(inputMessages) ? inputMessages.length : input.length
  if (messages > 0 && isListOrText(inputMessages)) lengths['inputMessages'] = messages
  setLength(lengths, 'question', question?.length ?? (turn === undefined ? undefined : textLengthOf(turn.parts)))
  setLength(lengths, 'systemPrompt', textLengthOf(partsOf(systemInstructions)) ?? systemLength(input))
  setLength(lengths, 'answer', lengthOfTexts(output))
  setLength(lengths, 'toolDefinitions', Array.isArray(toolDefinitions) ? toolDefinitions.length : undefined)
  setLength(lengths, 'attachments', countAttachments(input) + countAttachments(output))
  if (tool.toolArguments !== undefined) lengths['toolArguments'] = tool.toolArguments
  if (tool.toolResult !== undefined) lengths['toolResult'] = tool.toolResult
  return lengths
}

function setLength(lengths: Record<string, number>, name: string, length: number | undefined): void {
  if (length !== undefined && length > 0) lengths[name] = length
}

/** The system prompt may also be the first message. */
function systemLength(input: readonly Message[]): number | undefined {
  return input[0]?.role === 'system' ? lengthOfTexts(input.filter(({ role }) => role === 'system')) : undefined
}

/** Length of all texts, one per line. */
function lengthOfTexts(messages: readonly Message[]): number | undefined {
  let length = -1
  for (const { parts } of messages) for (const part of parts) if (isTextPart(part)) length += part.content.length + 1
  return length < 0 ? undefined : length
}

function countAttachments(messages: readonly Message[]): number {
  let count = 0
  for (const { parts } of messages) for (const part of parts) if (isAttachment(part)) count += 1
  return count
}
