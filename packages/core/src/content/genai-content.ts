import { isObject } from '../json/attribute-values.ts'
import type { ContentDraft } from './content.ts'
import { cutText } from '../json/cut-text.ts'

// The shapes of GenAI message content, read from values that may be anything.

/** An object of unknown origin. */
export type Fields = Readonly<Record<string, unknown>>

/** A message, as far as it could be read. */
export interface Message {
  readonly role: string
  readonly parts: readonly Fields[]
  readonly fields: Fields
}

/** The messages of a draft, and among them what the user asked last. */
export interface DraftMessages {
  readonly input: readonly Message[]
  readonly output: readonly Message[]
  readonly turn: Message | undefined
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

/** The messages of a draft, read once for everybody who looks at them. */
export function draftMessages({ inputMessages, outputMessages }: ContentDraft): DraftMessages {
  const input = messagesOf(inputMessages, 'user')
  return { input, output: messagesOf(outputMessages, 'assistant'), turn: lastUserTurn(input) }
}

/** Message parts; bare texts become text parts, what has no type is left out. */
export function partsOf(value: unknown): readonly Fields[] {
  if (typeof value === 'string') return [{ type: 'text', content: value }]
  return thoseThat(hasType, objectsOf(value))
}

/** The objects of an array, the newest if they are too many. */
export function objectsOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return []
  const elements: readonly unknown[] = value.length > MAX_ELEMENTS ? value.slice(-MAX_ELEMENTS) : value
  return thoseThat(isObject, elements)
}

function hasType(part: Fields): part is Fields & { readonly type: string } {
  return typeof part.type === 'string'
}

/** Nearly always these are all, which need no copy. */
function thoseThat<T, S extends T>(test: (element: T) => element is S, elements: readonly T[]): readonly S[] {
  for (let index = 0; index < elements.length; index += 1) {
    // A hole is none of them either.
    if (!test(elements[index] as T)) return elements.filter(test)
  }
  return elements as readonly S[] // each has passed the test
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
  let last: Message | undefined
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (message?.role !== 'user') continue
    if (message.parts.some(isTextPart)) return message
    last ??= message
  }
  return last
}

/** The schemas up to 1.41 require a finish reason of every output message; the AI SDK calls one that nobody told `unknown`. */
export function finishReasonOf({ finish_reason: reason }: Fields, maxLength: number): string {
  return typeof reason === 'string' ? cutText(reason, maxLength) : 'unknown'
}
