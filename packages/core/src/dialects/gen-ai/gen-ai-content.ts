import { type Attributes, isObject, jsonOf, textOf } from '../../json/attribute-values.ts'
import { GEN_AI } from '../../vocabulary/attributes.ts'
import type { Json } from '../../json/json.ts'
import type { ContentSources, ParseJson } from '../../content/content-memory.ts'
import type { ContentDraft } from '../../content/content-policy.ts'
import type { SpanLike } from '../../span/span-like.ts'

/**
 * The sources of a span's content, if they are only attributes of the current conventions. Equal sources have equal
 * content.
 */
export function contentSourcesOf({ attributes: from, events }: SpanLike): ContentSources | undefined {
  if (events.length > 0 || OTHER_FORMS.some((name) => from[name] !== undefined)) return undefined
  const sources: (string | undefined)[] = []
  for (const name of CONTENT_NAMES) {
    const value = from[name]
    if (value !== undefined && typeof value !== 'string') return undefined
    sources.push(value)
  }
  return sources
}

const CONTENT_NAMES = [
  GEN_AI.inputMessages,
  GEN_AI.outputMessages,
  GEN_AI.systemInstructions,
  GEN_AI.toolDefinitions,
  GEN_AI.toolArguments,
  GEN_AI.toolResult,
] as const

/** The content of a span in any version of the GenAI conventions. */
export function contentOf(span: SpanLike, parse: ParseJson = jsonOf): ContentDraft {
  const from = span.attributes
  return {
    systemInstructions: jsonOf(from[GEN_AI.systemInstructions]),
    inputMessages:
      jsonOf(from[GEN_AI.inputMessages]) ??
      messagesOfEvents(span, 'input') ??
      messagesOfText(from['gen_ai.prompt'], 'user') ??
      promptsOf(from),
    outputMessages:
      jsonOf(from[GEN_AI.outputMessages]) ??
      messagesOfEvents(span, 'output') ??
      messagesOfText(from['gen_ai.completion'], 'assistant') ??
      completionsOf(from),
    toolDefinitions: parse(from[GEN_AI.toolDefinitions]),
    toolArguments: from[GEN_AI.toolArguments],
    toolResult: from[GEN_AI.toolResult],
  }
}

// Conventions up to 1.36 use one event per message; 1.28 to 1.36 may use a single event with all details.
const ROLE_OF_EVENT: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
])

function messagesOfEvents(span: SpanLike, side: 'input' | 'output'): Json | undefined {
  const messages: Json[] = []
  for (const event of span.events) {
    const attributes = event.attributes
    if (attributes === undefined) continue
    if (event.name === 'gen_ai.client.inference.operation.details') {
      const details = jsonOf(attributes[side === 'input' ? GEN_AI.inputMessages : GEN_AI.outputMessages])
      if (details !== undefined) return details
    }
    const role =
      side === 'input' ? ROLE_OF_EVENT.get(event.name) : event.name === 'gen_ai.choice' ? 'assistant' : undefined
    const content = textOf(attributes['content']) ?? textOf(messageContent(attributes['message']))
    if (role !== undefined && content !== undefined) messages.push({ role, parts: [{ type: 'text', content }] })
  }
  return messages.length > 0 ? messages : undefined
}

function messageContent(value: unknown): unknown {
  const message = jsonOf(value)
  return isObject(message) ? message['content'] : undefined
}

function messagesOfText(value: unknown, role: string): Json | undefined {
  const content = textOf(value)
  return content === undefined ? undefined : [{ role, parts: [{ type: 'text', content }] }]
}

/** OpenLLMetry's form: `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`, and the same under `gen_ai.completion`. */
export function isIndexedMessage(key: string): boolean {
  return key.startsWith('gen_ai.prompt.')
    ? INDEXED.test(key)
    : key.startsWith('gen_ai.completion.') && INDEXED.test(key)
}

const INDEXED = /^gen_ai\.(prompt|completion)\.\d+\./

// Usually there is not even a first message, and building names would be a slow way to find out.
function promptsOf(from: Attributes): Json | undefined {
  return FIRST_PROMPT.some((name) => from[name] !== undefined) ? indexedMessages(from, 'gen_ai.prompt.') : undefined
}

function completionsOf(from: Attributes): Json | undefined {
  const hasFirst = FIRST_COMPLETION.some((name) => from[name] !== undefined)
  return hasFirst ? indexedMessages(from, 'gen_ai.completion.') : undefined
}

const FIRST_PROMPT = ['gen_ai.prompt.0.role', 'gen_ai.prompt.0.content'] as const
const FIRST_COMPLETION = ['gen_ai.completion.0.role', 'gen_ai.completion.0.content'] as const
const OTHER_FORMS = ['gen_ai.prompt', 'gen_ai.completion', ...FIRST_PROMPT, ...FIRST_COMPLETION] as const

function indexedMessages(from: Attributes, prefix: string): Json | undefined {
  const messages: Json[] = []
  for (let index = 0; index < MAX_INDEXED; index += 1) {
    const role = textOf(from[`${prefix}${index}.role`])
    const content = textOf(from[`${prefix}${index}.content`])
    if (role === undefined && content === undefined) break
    messages.push({ role: role ?? 'assistant', parts: content === undefined ? [] : [{ type: 'text', content }] })
  }
  return messages.length > 0 ? messages : undefined
}

const MAX_INDEXED = 1_000
