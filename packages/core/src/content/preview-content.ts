import { isObject } from '../json/attribute-values.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { attachmentStub } from './attachment.ts'
import type { ContentLimits, CutDraft, MutableContent } from './content.ts'
import { cutText } from '../json/cut-text.ts'
import { fitJson, type FittedJson } from '../json/cut-json.ts'
import { finishReasonOf, isAttachment, isListOrText, isTextPart, objectsOf, partsOf } from './genai-content.ts'
import type { DraftMessages, Fields } from './genai-content.ts'
import { fitToolValue } from './tool-value.ts'

// Together these bound a preview, whatever the history: about 100 KB at worst.
const MAX_MESSAGES = 200
const MAX_OUTPUT_MESSAGES = 16
const MAX_PARTS = 64
const MAX_DEFINITIONS = 200
const MAX_NAME_LENGTH = 128
// Base64 is useless to a reader.
const MAX_BASE64_LENGTH = 256

/** Keeps roles, the last user turn, the answer, shortened tool calls and the names of the tools. */
export const cutPreview: CutDraft = (draft, limits, messages) => {
  const { systemInstructions, inputMessages, outputMessages, toolDefinitions, question } = draft
  const toolArguments = previewTool(draft.toolArguments, limits.toolArguments)
  const toolResult = previewTool(draft.toolResult, limits.toolResult)
  const content: MutableContent = {}
  if (isListOrText(systemInstructions)) content.systemInstructions = previewSystem(systemInstructions, limits)
  if (isListOrText(inputMessages)) content.inputMessages = previewInput(messages, limits)
  if (isListOrText(outputMessages)) content.outputMessages = previewOutput(messages, limits)
  if (Array.isArray(toolDefinitions)) content.toolDefinitions = definitionNames(toolDefinitions)
  if (toolArguments !== undefined) content.toolArguments = toolArguments.json
  if (toolResult !== undefined) content.toolResult = toolResult.json
  if (typeof question === 'string') content.question = cutText(question, limits.question)
  return { content, toolLengths: { toolArguments: toolArguments?.length, toolResult: toolResult?.length } }
}

/** The name and type of each tool, without description or schema. */
export function definitionNames(value: unknown): Json {
  return objectsOf(value)
    .slice(0, MAX_DEFINITIONS)
    .filter(({ name }) => typeof name === 'string')
    .map(({ type, name }) => ({
      type: typeof type === 'string' ? cutText(type, MAX_NAME_LENGTH) : 'function',
      name: cutText(String(name), MAX_NAME_LENGTH),
    }))
}

function previewTool(value: unknown, limit: number): FittedJson | undefined {
  return value === undefined || value === null ? undefined : fitToolValue(value, limit, MAX_BASE64_LENGTH)
}

function previewSystem(value: unknown, limits: ContentLimits): Json {
  return previewParts(partsOf(value), { textLeft: limits.systemPrompt, partsLeft: MAX_PARTS }, textOnly)
}

function previewInput({ input, turn }: DraftMessages, limits: ContentLimits): Json {
  const kept = input.slice(-MAX_MESSAGES)
  // A long tool loop must not push the question out of its own preview.
  if (turn !== undefined && kept.length < input.length && !kept.includes(turn)) kept[0] = turn
  const room: Room = { textLeft: limits.question, partsLeft: MAX_PARTS }
  return kept.map((message) => ({
    role: cutText(message.role, MAX_NAME_LENGTH),
    parts: message === turn ? previewParts(message.parts, room, textOrAttachment) : [],
  }))
}

function previewOutput({ output }: DraftMessages, limits: ContentLimits): Json {
  const room: Room = { textLeft: limits.answer, partsLeft: MAX_PARTS }
  return output.slice(0, MAX_OUTPUT_MESSAGES).map((message) => ({
    role: cutText(message.role, MAX_NAME_LENGTH),
    parts: previewParts(message.parts, room, (part, left) => answerPart(part, left, limits)),
    finish_reason: finishReasonOf(message.fields, MAX_NAME_LENGTH),
  }))
}

/** What remains of the limits that all parts share. */
interface Room {
  textLeft: number
  partsLeft: number
}

/** Returns what to keep of a part, or undefined. */
type PreviewPart = (part: Fields, room: Room) => JsonObject | undefined

function previewParts(parts: readonly Fields[], room: Room, preview: PreviewPart): Json {
  const result: JsonObject[] = []
  for (const part of parts) {
    if (room.partsLeft <= 0) break
    const kept = preview(part, room)
    if (kept === undefined) continue
    result.push(kept)
    room.partsLeft -= 1
  }
  return result
}

function textOnly(part: Fields, room: Room): JsonObject | undefined {
  if (!isTextPart(part) || room.textLeft <= 0) return undefined
  const content = cutText(part.content, room.textLeft)
  // The line break between two texts counts, so the joined text fits too.
  room.textLeft -= content.length + 1
  return { type: 'text', content }
}

function textOrAttachment(part: Fields, room: Room): JsonObject | undefined {
  return isAttachment(part) ? attachmentStub(part) : textOnly(part, room)
}

function answerPart(part: Fields, room: Room, limits: ContentLimits): JsonObject | undefined {
  switch (part.type) {
    case 'tool_call':
      return { ...identity(part), ...present('arguments', part.arguments, limits.toolArguments) }
    case 'tool_call_response':
      return { ...identity(part), response: null, ...present('response', part.response, limits.toolResult) }
    case 'server_tool_call':
      return { ...identity(part), server_tool_call: cutTyped(part.server_tool_call, limits.toolArguments) }
    case 'server_tool_call_response':
      return {
        ...identity(part),
        server_tool_call_response: cutTyped(part.server_tool_call_response, limits.toolResult),
      }
    default:
      return textOrAttachment(part, room)
  }
}

function identity({ type, id, name }: Fields): JsonObject {
  const isCall = type === 'tool_call' || type === 'server_tool_call'
  return {
    type: String(type),
    ...(typeof id === 'string' ? { id: cutText(id, MAX_NAME_LENGTH) } : {}),
    ...(isCall ? { name: typeof name === 'string' ? cutText(name, MAX_NAME_LENGTH) : '' } : {}),
  }
}

function present(key: string, value: unknown, limit: number): JsonObject {
  return value === undefined ? {} : { [key]: fitJson(value, limit, MAX_BASE64_LENGTH).json }
}

/** The schemas require an object with a type, whatever else is cut. */
function cutTyped(value: unknown, limit: number): JsonObject {
  const { type = 'unknown', ...rest } = isObject(value) ? value : {}
  // Type first, because cutting starts at the end.
  const typed = { type: typeof type === 'string' ? cutText(type, MAX_NAME_LENGTH) : 'unknown', ...rest }
  const { json } = fitJson(typed, limit, MAX_BASE64_LENGTH)
  return isObject(json) ? json : { type: 'unknown' }
}
