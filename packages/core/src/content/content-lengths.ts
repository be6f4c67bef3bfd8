import type { JsonObject } from '../call.ts'
import type { ContentDraft } from './content.ts'
import { textLengthOf } from './content-text.ts'
import { isAttachment, lastUserTurn, messagesOf, partsOf } from './genai-content.ts'
import type { Message } from './genai-content.ts'

/** Lengths and counts of what a draft holds, before anything is cut: texts in UTF-16 units, the rest in numbers. */
export function lengthsOf(draft: ContentDraft): JsonObject {
  const input = draft.inputMessages === undefined ? undefined : messagesOf(draft.inputMessages, 'user')
  const output = draft.outputMessages === undefined ? undefined : messagesOf(draft.outputMessages, 'assistant')
  const attachments = countAttachments(input) + countAttachments(output)
  return withoutUnknown({
    inputMessages: countOf(draft.inputMessages, input),
    question: draft.question?.length ?? textLengthOf(lastUserTurn(input ?? [])?.parts ?? []),
    systemPrompt: systemPromptLength(draft, input),
    answer: textLengthOf((output ?? []).flatMap(({ parts }) => parts)),
    toolDefinitions: countOf(draft.toolDefinitions, undefined),
    attachments: attachments > 0 ? attachments : undefined,
  })
}

/** Instructions are given beside the messages or as the first of them. */
function systemPromptLength(draft: ContentDraft, input: readonly Message[] | undefined): number | undefined {
  if (draft.systemInstructions !== undefined) return textLengthOf(partsOf(draft.systemInstructions))
  return textLengthOf((input ?? []).filter(({ role }) => role === 'system').flatMap(({ parts }) => parts))
}

function countOf(value: unknown, messages: readonly Message[] | undefined): number | undefined {
  return Array.isArray(value) ? value.length : messages?.length
}

function countAttachments(messages: readonly Message[] | undefined): number {
  let count = 0
  for (const { parts } of messages ?? []) for (const part of parts) if (isAttachment(part)) count += 1
  return count
}

function withoutUnknown(lengths: Readonly<Record<string, number | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(lengths).filter(([, length]) => length !== undefined))
}
