import { isObject } from '../json/attribute-values.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { addressOf, attachmentStub, base64Of } from './attachment.ts'
import type { Content, ContentLimits, CutDraft, MutableContent } from './content.ts'
import { cutMessages, cutParts } from './cut-messages.ts'
import { cutText } from '../json/cut-text.ts'
import { cutJson, type FittedJson } from '../json/cut-json.ts'
import { fairShare } from '../json/fair-share.ts'
import { finishReasonOf, isAttachment, isListOrText, isTextPart, objectsOf, partsOf } from './genai-content.ts'
import type { Fields, Message } from './genai-content.ts'
import { definitionNames } from './preview-content.ts'
import { toJson } from '../json/to-json.ts'
import { fitToolValue } from './tool-value.ts'

// At a dozen bytes each, more values than this cannot fit.
const MAX_NODES = 20_000
const INPUT_KEYS: ReadonlySet<string> = new Set(['role', 'parts'])
const OUTPUT_KEYS: ReadonlySet<string> = new Set(['role', 'parts', 'finish_reason'])
const TEXT_KEYS: ReadonlySet<string> = new Set(['type', 'content'])
const REQUIRED_TEXTS: ReadonlyMap<string, string> = new Map([
  ['text', 'content'],
  ['reasoning', 'content'],
  ['tool_call', 'name'],
  ['server_tool_call', 'name'],
])
const REQUIRED_OBJECTS: ReadonlyMap<string, string> = new Map([
  ['server_tool_call', 'server_tool_call'],
  ['server_tool_call_response', 'server_tool_call_response'],
])

interface Room {
  readonly limits: ContentLimits
  /** Base64 that may still be kept, in characters. */
  attachmentsLeft: number
}

/** Keeps everything up to the total; beyond it the oldest messages lose their parts first. */
export const cutFull: CutDraft = (draft, limits, messages) => {
  const room: Room = { limits, attachmentsLeft: limits.attachments }
  const toolArguments = fullTool(draft.toolArguments, limits)
  const toolResult = fullTool(draft.toolResult, limits)
  const { systemInstructions, inputMessages, outputMessages, toolDefinitions, question } = draft
  const content: MutableContent = {}
  if (isListOrText(systemInstructions)) content.systemInstructions = fullInstructions(systemInstructions, limits)
  if (outputMessages !== undefined) {
    content.outputMessages = fullMessages(messages.output, room, OUTPUT_KEYS)
  }
  if (isListOrText(inputMessages)) content.inputMessages = fullMessages(messages.input, room, INPUT_KEYS)
  if (Array.isArray(toolDefinitions)) content.toolDefinitions = fullDefinitions(toolDefinitions, limits)
  if (toolArguments !== undefined) content.toolArguments = toolArguments.json
  if (toolResult !== undefined) content.toolResult = toolResult.json
  if (typeof question === 'string') content.question = cutText(question, limits.total)
  return {
    content: withinTotal(content, limits.total),
    toolLengths: { toolArguments: toolArguments?.length, toolResult: toolResult?.length },
  }
}

function fullTool(value: unknown, limits: ContentLimits): FittedJson | undefined {
  return value === undefined || value === null ? undefined : fitToolValue(value, limits.total, limits.attachments)
}

function fullInstructions(value: unknown, limits: ContentLimits): Json {
  const room: Room = { limits, attachmentsLeft: 0 }
  return partsOf(value).map((part) => fullPart(part, room))
}

function fullMessages(messages: readonly Message[], room: Room, keys: ReadonlySet<string>): Json {
  const { limits } = room
  const result: JsonObject[] = []
  // The newest attachments are the ones the call was about, so they are kept first.
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (message === undefined) continue
    const { fields } = message
    const kept = emptyFields(fields, keys, 'parts') ?? { ...fieldsOf(fields, limits, 'parts') }
    kept['role'] = cutText(message.role, limits.total)
    kept['parts'] = message.parts.map((part) => fullPart(part, room))
    if (keys === OUTPUT_KEYS) kept['finish_reason'] = finishReasonOf(fields, limits.total)
    result.push(kept)
  }
  return result.reverse()
}

/**
 * An object with the same keys in the same order but without values; undefined if it has other keys too. Nearly all
 * messages and parts have only keys that are rewritten anyway.
 */
function emptyFields(fields: Fields, keys: ReadonlySet<string>, without?: string): Record<string, Json> | undefined {
  const empty: Record<string, Json> = {}
  for (const key in fields) {
    if (!keys.has(key)) return undefined
    if (key !== without) empty[key] = null
  }
  return empty
}

function fullPart(part: Fields, room: Room): JsonObject {
  const { limits } = room
  const plain = fullText(part, limits)
  if (plain !== undefined) return plain
  if (isAttachment(part)) {
    const { length } = base64Of(part)
    const isRaw = part.type === 'blob' && typeof part.content !== 'string'
    if (isRaw || length > room.attachmentsLeft) return attachmentStub(part)
    room.attachmentsLeft -= length
  }
  const json = fieldsOf(part, limits)
  const type = String(part.type)
  const text = REQUIRED_TEXTS.get(type)
  const object = REQUIRED_OBJECTS.get(type)
  return {
    ...json,
    ...(isAttachment(part) ? addressOf(json) : {}),
    ...(text !== undefined && typeof json[text] !== 'string' ? { [text]: '' } : {}),
    ...(object === undefined ? {} : { [object]: typed(json[object]) }),
    ...(type === 'tool_call_response' ? { response: json.response ?? null } : {}),
  }
}

/** A plain text part, too short to be mistaken for bytes. */
function fullText(part: Fields, limits: ContentLimits): JsonObject | undefined {
  if (!isTextPart(part) || part.content.length > limits.attachments) return undefined
  const text = emptyFields(part, TEXT_KEYS)
  if (text === undefined) return undefined
  text['type'] = part.type
  text['content'] = cutText(part.content, limits.total)
  return text
}

/** The fields of an object as JSON, without optional texts of the wrong type. */
function fieldsOf(value: Fields, limits: ContentLimits, without?: string): JsonObject {
  const rest: Record<string, unknown> = { ...value }
  if (without !== undefined) delete rest[without]
  for (const name of ['id', 'name', 'mime_type', 'finish_reason']) if (typeof rest[name] !== 'string') delete rest[name]
  // Attachments share one limit, which is checked elsewhere.
  const maxBase64Length = isAttachment(value) ? Infinity : limits.attachments
  const json = toJson(rest, { maxNodes: MAX_NODES, maxTextLength: limits.total, maxBase64Length })
  return isObject(json) ? json : {}
}

function typed(value: Json | undefined): JsonObject {
  if (!isObject(value)) return { type: 'unknown' }
  return typeof value.type === 'string' ? value : { ...value, type: 'unknown' }
}

function fullDefinitions(value: unknown, limits: ContentLimits): Json {
  return objectsOf(value)
    .filter(({ name }) => typeof name === 'string')
    .map((definition) => ({ type: 'function', ...fieldsOf(definition, limits) }))
}

/** Limits each structure to its fair share of the total if together they exceed it. */
function withinTotal(content: Content, total: number): Content {
  if (mostBytesOf(content as JsonObject) <= total) return content // all members are JSON
  const sizes = Object.entries(content).map(([name, json]) => [name, byteLengthOf(json)] as const)
  const share = Math.floor(
    fairShare(
      sizes.map(([, size]) => size),
      total,
    ),
  )
  const cut: Record<string, Json> = {}
  for (const [name, size] of sizes) {
    const json: Json = content[name as keyof Content] ?? null
    cut[name] = size <= share ? json : cutToBytes(json, share, CUTS[name as keyof Content])
  }
  return cut
}

// An escaped character takes at most six bytes.
function mostBytesOf(json: Json | undefined): number {
  if (typeof json === 'string') return json.length * 6 + 2
  if (typeof json !== 'object' || json === null) return MOST_BYTES_OF_NUMBER
  let bytes = 2
  if (Array.isArray(json)) for (const value of json as readonly Json[]) bytes += mostBytesOf(value) + 1
  else for (const key in json as JsonObject) bytes += key.length * 6 + 4 + mostBytesOf((json as JsonObject)[key])
  return bytes
}

const MOST_BYTES_OF_NUMBER = 24

type Cut = (json: Json, maxLength: number) => Json

const CUTS: Readonly<Record<keyof Content, Cut>> = {
  systemInstructions: cutParts,
  inputMessages: cutMessages,
  outputMessages: cutMessages,
  // Names are short; if even they do not fit, all definitions are dropped.
  toolDefinitions: (json, maxLength) => {
    const names = definitionNames(json)
    return JSON.stringify(names).length <= maxLength ? names : []
  },
  toolArguments: cutJson,
  toolResult: cutJson,
  question: cutJson,
}

/** Cuts count characters. A text that takes more bytes is cut again in proportion. */
function cutToBytes(json: Json, maxBytes: number, cut: Cut): Json {
  let maxLength = Math.min(maxBytes, JSON.stringify(json).length)
  let result = cut(json, maxLength)
  for (let size = byteLengthOf(result); size > maxBytes && maxLength > 1; size = byteLengthOf(result)) {
    maxLength = Math.min(maxLength - 1, Math.floor((maxLength * maxBytes) / size))
    result = cut(json, maxLength)
  }
  return result
}

/** Size of the JSON in UTF-8 bytes. */
function byteLengthOf(json: Json): number {
  const text = JSON.stringify(json)
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x80) continue
    // A surrogate is half of a four-byte character.
    bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
  }
  return bytes
}
