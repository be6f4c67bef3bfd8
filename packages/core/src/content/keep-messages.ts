import { isObject } from '../attribute-values.ts'
import type { Json, JsonObject } from '../call.ts'
import { cutText } from './cut-text.ts'

/** How the parts of a message are cut. */
export interface PartLimits {
  /** Cuts and redacts a text. */
  readonly text: (text: string, maxLength: number) => string
  /** Cuts and redacts a value. */
  readonly json: (value: unknown, maxLength: number) => Json
  /** Characters for all text parts together. */
  readonly maxText: number
  /** Characters for each set of arguments and each result. */
  readonly maxTool: number
  /** Leaves out reasoning and the bytes of files. */
  readonly isPreview: boolean
}

interface MessageLimits extends PartLimits {
  /** All other messages keep their role and lose their parts. */
  readonly onlyLastUserTurn?: boolean
}

// What a reader of a preview needs of a long conversation.
const MAX_MESSAGES = 200
const MAX_PARTS = 100
const MAX_WORD = 128

/** GenAI messages under the limits; nothing when it is no list of messages. */
export function keepMessages(messages: Json | undefined, limits: MessageLimits): Json | undefined {
  if (!Array.isArray(messages)) return undefined
  const list = (messages as readonly Json[]).filter((message) => isObject(message)).slice(-MAX_MESSAGES)
  const last = limits.onlyLastUserTurn === true ? list.findLastIndex((message) => message['role'] === 'user') : undefined
  return list.map((message, index) => {
    const parts = last === undefined || index === last ? (keepParts(message['parts'], limits) ?? []) : []
    const kept: Record<string, Json> = { role: wordOf(message['role'], 'user'), parts }
    if (typeof message['name'] === 'string') kept['name'] = cutText(message['name'], MAX_WORD)
    if (typeof message['finish_reason'] === 'string') kept['finish_reason'] = cutText(message['finish_reason'], MAX_WORD)
    return kept
  })
}

/** Parts of a message, or system instructions, under the limits; nothing when it is no list. */
export function keepParts(parts: Json | undefined, limits: PartLimits): Json | undefined {
  if (!Array.isArray(parts)) return undefined
  let room = limits.maxText
  const kept: Json[] = []
  for (const part of (parts as readonly Json[]).slice(0, MAX_PARTS)) {
    if (!isObject(part)) continue
    const content = part['content']
    if (typeof content !== 'string' || (part['type'] !== 'text' && part['type'] !== 'reasoning')) {
      kept.push(keepPart(part, limits))
      continue
    }
    if (part['type'] === 'reasoning' && limits.isPreview) continue
    if (room <= 0) continue
    const text = limits.text(content, room)
    room -= text.length
    kept.push({ type: part['type'], content: text })
  }
  return kept
}

function keepPart(part: JsonObject, limits: PartLimits): Json {
  switch (part['type']) {
    case 'tool_call':
      return {
        type: 'tool_call',
        id: idOf(part['id']),
        name: wordOf(part['name'], 'unknown'),
        ...(part['arguments'] === undefined ? {} : { arguments: keepValue(part['arguments'], limits) }),
      }
    case 'tool_call_response':
      return { type: 'tool_call_response', id: idOf(part['id']), response: keepValue(part['response'] ?? null, limits) }
    case 'blob':
      return { ...fileOf(part), type: 'blob', content: blobContent(part['content'], limits) }
    case 'uri':
      return { ...fileOf(part), type: 'uri', uri: typeof part['uri'] === 'string' ? limits.text(part['uri'], limits.maxTool) : '' }
    case 'file':
      return { ...fileOf(part), type: 'file', file_id: wordOf(part['file_id'], 'unknown') }
    default: {
      // A kind of part that we do not know is a value like any other, with a type.
      const kept = limits.json(part, limits.maxTool)
      return isObject(kept) ? { ...kept, type: wordOf(part['type'], 'unknown') } : { type: wordOf(part['type'], 'unknown') }
    }
  }
}

function keepValue(value: Json, limits: PartLimits): Json {
  return typeof value === 'string' ? limits.text(value, limits.maxTool) : limits.json(value, limits.maxTool)
}

function fileOf(part: JsonObject): JsonObject {
  return {
    modality: wordOf(part['modality'], 'document'),
    ...(typeof part['mime_type'] === 'string' ? { mime_type: cutText(part['mime_type'], MAX_WORD) } : {}),
  }
}

// Bytes are kept whole or not at all: half a picture shows nothing.
function blobContent(content: Json | undefined, limits: PartLimits): string {
  return typeof content === 'string' && !limits.isPreview && content.length <= limits.maxText ? content : ''
}

function idOf(id: Json | undefined): string | null {
  return typeof id === 'string' ? cutText(id, MAX_WORD) : null
}

function wordOf(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? cutText(value, MAX_WORD) : otherwise
}
