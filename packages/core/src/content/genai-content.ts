import { isObject } from '../attribute-values.ts'
import { cutText } from './cut-text.ts'

// The shapes of GenAI message content, read from values that may be anything.

/** An object of unknown origin. */
export type Fields = Readonly<Record<string, unknown>>

/** A message, as far as it could be read. */
export interface Message {
  readonly role: string
  readonly parts: readonly Fields[]
  readonly fields: Fields
}

/** A part that says something. */
export interface TextPart {
  readonly type: 'text'
  readonly content: string
}

const ATTACHMENTS = new Set(['blob', 'file', 'uri'])
// An array of a proxy may claim any length.
const MAX_ELEMENTS = 10_000

/** Whether a value can be messages or parts at all; a bare text can. */
export function isListOrText(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value)
}

/** The messages of `gen_ai.input.messages` or `gen_ai.output.messages`; a bare text is one message of the given role. */
export function messagesOf(value: unknown, role: string): readonly Message[] {
  if (typeof value === 'string') return [{ role, parts: [{ type: 'text', content: value }], fields: {} }]
  return objectsOf(value).map((fields) => {
    const { role: ownRole, parts } = fields
    return { role: typeof ownRole === 'string' ? ownRole : role, parts: partsOf(parts), fields }
  })
}

/** Message parts; bare texts become text parts, what has no type is left out. */
export function partsOf(value: unknown): readonly Fields[] {
  if (typeof value === 'string') return [{ type: 'text', content: value }]
  return objectsOf(value).filter(({ type }) => typeof type === 'string')
}

/** The objects of an array, the newest if they are too many. */
export function objectsOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return []
  const elements: readonly unknown[] = value.length > MAX_ELEMENTS ? value.slice(-MAX_ELEMENTS) : value
  return elements.filter(isObject)
}

export function isTextPart(part: Fields): part is Fields & TextPart {
  return part.type === 'text' && typeof part.content === 'string'
}

/** Whether a part brings bytes, or points to them. */
export function isAttachment(part: Fields): boolean {
  return typeof part.type === 'string' && ATTACHMENTS.has(part.type)
}

/** The last message of the user that says something; failing that, the user's last one. */
export function lastUserTurn(messages: readonly Message[]): Message | undefined {
  const isUser = ({ role }: Message): boolean => role === 'user'
  return messages.findLast((message) => isUser(message) && message.parts.some(isTextPart)) ?? messages.findLast(isUser)
}

/** The schemas up to 1.41 require a finish reason of every output message; the AI SDK calls one that nobody told `unknown`. */
export function finishReasonOf({ finish_reason: reason }: Fields, maxLength: number): string {
  return typeof reason === 'string' ? cutText(reason, maxLength) : 'unknown'
}
