import type { CallContentView } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatCount } from '../format/numbers.ts'
import { Card } from '../parts/card.tsx'
import { TextBlock } from '../parts/text-block.tsx'

interface Message {
  readonly role: string
  readonly parts: readonly MessagePart[]
}

interface MessagePart {
  readonly label: string | undefined
  readonly text: unknown
}

/** The messages of a call, in order. */
export function Conversation({ content }: { readonly content: CallContentView | null }): JSX.Element | null {
  const messages = content === null ? [] : messagesOf(content)
  if (content === null || messages.length === 0) {
    return (
      <Card title="Conversation">
        <p class="muted card-nothing">
          No content is stored: the content policy is “none”, the retention period is over, or the call had no text.
        </p>
      </Card>
    )
  }
  return (
    <Card title="Conversation" hint={lengthHint(content)}>
      <ol class="messages">
        {messages.map(({ role, parts }, index) => (
          <li key={index} class={`message message-${role}`}>
            <span class="message-role">{role}</span>
            <div class="message-parts">
              {parts.map(({ label, text }, place) => (
                <div key={place}>
                  {label !== undefined && <span class="message-label">{label}</span>}
                  <TextBlock
                    text={text}
                    name={`${role} ${label ?? 'message'}`}
                    isMarkdown={label === undefined || label === 'Reasoning'}
                  />
                </div>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function messagesOf(content: CallContentView): readonly Message[] {
  const { systemPrompt, question, answer, messages } = content
  const input = readMessages(messages?.input ?? null)
  const output = readMessages(messages?.output ?? null)
  const hasSystem = input.some(({ role }) => role === 'system')
  return [
    ...(systemPrompt !== null && !hasSystem ? [said('system', systemPrompt)] : []),
    ...(input.length > 0 ? input : question === null ? [] : [said('user', question)]),
    ...(output.length > 0 ? output.map(inOrder) : answer === null ? [] : [said('assistant', answer)]),
  ]
}

// The output of a run names what was said before what its tools did, though the answer came last.
function inOrder({ role, parts }: Message): Message {
  const last = parts.findLastIndex(({ label }) => label?.startsWith('Tool result') === true)
  const isEarlyText = ({ label }: MessagePart, index: number): boolean => label === undefined && index < last
  return { role, parts: [...parts.filter((part, index) => !isEarlyText(part, index)), ...parts.filter(isEarlyText)] }
}

function said(role: string, text: string): Message {
  return { role, parts: [{ label: undefined, text }] }
}

// GenAI messages: `[{ role, parts: [{ type, content }] }]`. Anything else is shown as plain JSON.
function readMessages(value: unknown): readonly Message[] {
  if (!Array.isArray(value))
    return value === null ? [] : [{ role: 'message', parts: [{ label: undefined, text: value }] }]
  return value.map((item: unknown) => {
    if (!isObject(item)) return { role: 'message', parts: [{ label: undefined, text: item }] }
    const role = typeof item['role'] === 'string' ? item['role'] : 'message'
    const parts = Array.isArray(item['parts'])
      ? item['parts'].map(readPart)
      : [{ label: undefined, text: item['content'] ?? null }]
    return { role, parts }
  })
}

function readPart(part: unknown): MessagePart {
  if (!isObject(part)) return { label: undefined, text: part }
  const { type, name } = part
  if (type === 'text') return { label: undefined, text: part['content'] ?? null }
  if (type === 'reasoning') return { label: 'Reasoning', text: part['content'] ?? null }
  const named = typeof name === 'string' ? ` ${name}` : ''
  if (type === 'tool_call') return { label: `Tool call${named}`, text: part['arguments'] ?? null }
  if (type === 'tool_call_response')
    return { label: `Tool result${named}`, text: part['response'] ?? part['result'] ?? null }
  return { label: typeof type === 'string' ? type : undefined, text: part }
}

// Which texts the content policy has shortened, and how long they were.
function lengthHint({ lengths, question, answer, systemPrompt }: CallContentView): string | undefined {
  const cut = Object.entries({ question, answer, 'system prompt': systemPrompt }).flatMap(([name, text]) => {
    const length = lengths?.[name === 'system prompt' ? 'systemPrompt' : name]
    const isCut = typeof length === 'number' && text !== null && length > text.length
    return isCut ? [`the ${name} had ${formatCount(length)} characters`] : []
  })
  return cut.length === 0 ? undefined : `Shortened when it was stored: ${cut.join(', ')}.`
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
