import { type Attributes, isObject, jsonOf, textOf } from '../../json/attribute-values.ts'
import type { Json, JsonObject } from '../../json/json.ts'
import type { ParseJson } from '../../content/content-memory.ts'
import { toFinishReason } from '../../vocabulary/finish-reasons.ts'

/** The prompt: system instructions apart, the rest as GenAI input messages. */
export interface Prompt {
  readonly systemInstructions?: Json | undefined
  readonly inputMessages?: Json | undefined
}

/** Converts AI SDK `ai.prompt.messages` (provider level, all majors) to GenAI messages. */
export function promptOfMessages(value: unknown): Prompt {
  const messages = jsonOf(value)
  if (!Array.isArray(messages)) return {}
  const system: Json[] = []
  const rest: Json[] = []
  for (const message of messages as readonly Json[]) {
    if (!isObject(message)) continue
    const role = textOf(message['role']) ?? 'user'
    const parts = partsOf(message['content'])
    if (role === 'system' && rest.length === 0) system.push(...parts)
    else rest.push({ role, parts })
  }
  return {
    systemInstructions: system.length > 0 ? system : undefined,
    inputMessages: rest.length > 0 ? rest : undefined,
  }
}

/** Converts AI SDK `ai.prompt` (the caller's `system`, `prompt` or `messages`) to GenAI messages. */
export function promptOfCaller(value: unknown): Prompt {
  const prompt = jsonOf(value)
  if (!isObject(prompt)) return {}
  const system = prompt['system']
  const messages = prompt['messages'] ?? (Array.isArray(prompt['prompt']) ? prompt['prompt'] : undefined)
  const inner: Prompt = Array.isArray(messages)
    ? promptOfMessages(messages)
    : typeof prompt['prompt'] === 'string'
      ? { inputMessages: [{ role: 'user', parts: [text(prompt['prompt'])] }] }
      : {}
  const systemParts =
    typeof system === 'string' ? [text(system)] : partsOf(isObject(system) ? system['content'] : undefined)
  return systemParts.length > 0 ? { ...inner, systemInstructions: systemParts } : inner
}

/** The answer on a legacy span (`ai.response.*`) as one GenAI output message. */
export function outputOfLegacy(attributes: Attributes): Json | undefined {
  const parts: Json[] = []
  const reasoning = textOf(attributes['ai.response.reasoning'])
  if (reasoning !== undefined) parts.push({ type: 'reasoning', content: reasoning })
  const answer = textOf(attributes['ai.response.text']) ?? textOf(attributes['ai.response.object'])
  if (answer !== undefined) parts.push(text(answer))
  const calls = jsonOf(attributes['ai.response.toolCalls'])
  if (Array.isArray(calls)) for (const call of calls) if (isObject(call)) parts.push(toolCall(call))
  const files = jsonOf(attributes['ai.response.files'])
  if (Array.isArray(files)) for (const file of files) if (isObject(file)) parts.push(filePart(file))
  if (parts.length === 0) return undefined
  const reason = textOf(attributes['ai.response.finishReason'])
  return [{ role: 'assistant', parts, ...(reason === undefined ? {} : { finish_reason: toFinishReason(reason) }) }]
}

/** Converts AI SDK `ai.prompt.tools`, where each tool is a JSON string. */
export function toolDefinitionsOfLegacy(value: unknown, parse: ParseJson = jsonOf): Json | undefined {
  if (!Array.isArray(value)) return undefined
  const definitions = value.flatMap((item) => {
    const tool = parse(item)
    return isObject(tool) ? [toolDefinition(tool)] : []
  })
  return definitions.length > 0 ? definitions : undefined
}

/** One tool definition, with its schema under the GenAI key. */
export function toolDefinition(tool: JsonObject): JsonObject {
  const name = textOf(tool['name']) ?? 'unknown'
  if (tool['type'] !== undefined && tool['type'] !== 'function')
    return { type: textOf(tool['type']) ?? 'unknown', name }
  const parameters = tool['parameters'] ?? tool['inputSchema']
  return {
    type: 'function',
    name,
    ...(textOf(tool['description']) === undefined ? {} : { description: tool['description'] }),
    ...(parameters === undefined ? {} : { parameters }),
  }
}

function partsOf(content: Json | undefined): Json[] {
  if (typeof content === 'string') return content === '' ? [] : [text(content)]
  const parts: Json[] = []
  if (Array.isArray(content))
    for (const part of content as readonly Json[]) if (isObject(part)) parts.push(partOf(part))
  return parts
}

function partOf(part: JsonObject): Json {
  switch (part['type']) {
    case 'text':
      return text(textOf(part['text']) ?? '')
    case 'reasoning':
      return { type: 'reasoning', content: textOf(part['text']) ?? '' }
    case 'tool-call':
      return toolCall(part)
    case 'tool-result':
      return toolResult(part)
    case 'image':
    case 'file':
      return filePart(part)
    default:
      return { ...part, type: textOf(part['type']) ?? 'unknown' }
  }
}

function text(content: string): Json {
  return { type: 'text', content }
}

// Version 4 uses `args` (a JSON string in generateText), later ones `input`. Invalid arguments stay a raw string.
function toolCall(call: JsonObject): Json {
  const input = call['input'] ?? call['args']
  return {
    type: 'tool_call',
    id: textOf(call['toolCallId']) ?? null,
    name: textOf(call['toolName']) ?? 'unknown',
    ...(input === undefined ? {} : { arguments: typeof input === 'string' ? (jsonOf(input) ?? input) : input }),
  }
}

function toolResult(part: JsonObject): Json {
  const output = part['output']
  const response = isObject(output) && 'value' in output ? output['value'] : (output ?? part['result'])
  return { type: 'tool_call_response', id: textOf(part['toolCallId']) ?? null, response: response ?? null }
}

function filePart(part: JsonObject): Json {
  const mime = textOf(part['mediaType']) ?? textOf(part['mimeType'])
  const modality = modalityOf(mime ?? (part['type'] === 'image' ? 'image' : undefined))
  const data = part['data'] ?? part['image']
  const mimeType = mime === undefined ? {} : { mime_type: mime }
  if (typeof data === 'string' && /^https?:\/\//.test(data)) return { type: 'uri', modality, uri: data, ...mimeType }
  return { type: 'blob', modality, content: typeof data === 'string' ? data : '', ...mimeType }
}

function modalityOf(mime: string | undefined): string {
  const family = mime?.split('/')[0]
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}
