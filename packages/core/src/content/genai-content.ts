import { isObject } from '../json/attribute-values.ts'
import type { ContentDraft } from './content.ts'
import { cutText } from '../json/cut-text.ts'

// The shapes of GenAI message content, read from untrusted values.

/** An object of unknown origin. */
export type Fields = Readonly<Record<string, unknown>>

/** A message, as far as it was readable. */
export interface Message {
  readonly role: string
  readonly parts: readonly Fields[]
  readonly fields: Fields
}

/** The messages of a draft, and the last user turn among them. */
export interface DraftMessages {
  readonly input: readonly Message[]
  readonly output: readonly Message[]
  readonly turn: Message | undefined
}

/** A part with text. */
export interface TextPart {
  readonly type: 'text'
  readonly content: string
}

const ATTACHMENTS = new Set(['blob', 'file', 'uri'])
// An array behind a proxy may claim any length.
const MAX_ELEMENTS = 10_000

/** Whether a value can be messages or parts; a plain text can. */
export function isListOrText(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value)
}

/**
 * The messages of `gen_ai.input.messages` or `gen_ai.output.messages`. A plain text becomes one message with the given
 * role.
 */
export function messagesOf(value: unknown, role: string): readonly Message[] {
  if (typeof value === 'string') return [{ role, parts: [{ type: 'text', content: value }], fields: {} }]
  return objectsOf(value).map((fields) => {
    const { role: ownRole, parts } = fields
    return { role: typeof ownRole === 'string' ? ownRole : role, parts: partsOf(parts), fields }
  })
}

/** Reads the messages of a draft once for all readers. */
export function draftMessages({ inputMessages, outputMessages }: ContentDraft): DraftMessages {
  const input = messagesOf(inputMessages, 'user')
  return { input, output: messagesOf(outputMessages, 'assistant'), turn: lastUserTurn(input) }
}

/** Message parts. Plain texts become text parts; parts without a type are dropped. */
export function partsOf(value: unknown): readonly Fields[] {
  if (typeof value === 'string') return [{ type: 'text', content: value }]
  return thoseThat(hasType, objectsOf(value))
}

/** The objects of an array; the newest if there are too many. */
export function objectsOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return []
  const elements: readonly unknown[] = value.length > MAX_ELEMENTS ? value.slice(-MAX_ELEMENTS) : value
  return thoseThat(isObject, elements)
}

function hasType(part: Fields): part is Fields & { readonly type: string } {
  return typeof part.type === 'string'
}

/** Usually all elements pass, which needs no copy. */
function thoseThat<T, S extends T>(test: (element: T) => element is S, elements: readonly T[]): readonly S[] {
  for (let index = 0; index < elements.length; index += 1) {
    // A hole fails the test too.
    if (!test(elements[index] as T)) return elements.filter(test)
  }
  return elements as readonly S[] // each has passed the test
}

export function isTextPart(part: Fields): part is Fields & TextPart {
  return part.type === 'text' && typeof part.content === 'string'
}

/** Whether a part carries bytes or points to them. */
export function isAttachment(part: Fields): boolean {
  return typeof part.type === 'string' && ATTACHMENTS.has(part.type)
}

/** The last user message with text, otherwise the last user message. */
export function lastUserTurn(messages: readonly Message[]): Message | undefined {
  let last: Message | undefined
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (message?.role !== 'user') continue
    if (message.parts.some(isTextPart)) return message
    last ??= message
  }
  return last
}

/**
 * The schemas up to 1.41 require a finish reason on every output message; the AI SDK reports an unspecified one as
 * `unknown`.
 */
export function finishReasonOf({ finish_reason: reason }: Fields, maxLength: number): string {
  return typeof reason === 'string' ? cutText(reason, maxLength) : 'unknown'
}
