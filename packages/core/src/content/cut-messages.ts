import type { Json, JsonObject } from '../json/json.ts'
import { cutText } from '../json/cut-text.ts'

// What JSON adds to the text of a text part.
const TEXT_PART_OVERHEAD = 32

/** Cuts messages to JSON of at most `maxLength` characters: the newest stay whole, older ones keep only their role. */
export function cutMessages(json: Json, maxLength: number): Json {
  const messages = objectsOf(json)
  const stubs = messages.map((message) => JSON.stringify({ ...message, parts: [] }).length + 1)
  let reserved = stubs.reduce((sum, length) => sum + length, 2)
  let room = maxLength
  const result: JsonObject[] = []
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index] ?? {}
    const stub = stubs[index] ?? 0
    reserved -= stub
    // If even the roles are too many, the oldest messages are dropped.
    if (stub > room) break
    const left = Math.max(stub, room - reserved)
    const length = JSON.stringify(message).length + 1
    const kept = length <= left ? message : { ...message, parts: cutParts(message.parts ?? [], left - stub) }
    result.unshift(kept)
    room -= JSON.stringify(kept).length + 1
  }
  return result
}

/** Cuts message parts to JSON of at most `maxLength` characters: the first stay whole, the next text is cut. */
export function cutParts(json: Json, maxLength: number): Json {
  const result: JsonObject[] = []
  let room = maxLength - 2
  for (const part of objectsOf(json)) {
    const length = JSON.stringify(part).length + 1
    if (length <= room) {
      result.push(part)
      room -= length
      continue
    }
    const { type, content } = part
    if (typeof type === 'string' && typeof content === 'string' && type !== 'blob') {
      const cut = cutToRoom(type, content, room)
      if (cut !== undefined) result.push(cut)
    }
    break
  }
  return result
}

/** A text part that fits; escapes may take several attempts. */
function cutToRoom(type: string, content: string, room: number): JsonObject | undefined {
  let maxLength = Math.min(room - TEXT_PART_OVERHEAD, content.length)
  while (maxLength > 0) {
    const part = { type, content: cutText(content, maxLength) }
    const length = JSON.stringify(part).length + 1
    if (length <= room) return part
    maxLength = Math.min(maxLength - 1, Math.floor((maxLength * room) / length))
  }
  return undefined
}

function objectsOf(json: Json): readonly JsonObject[] {
  return Array.isArray(json) ? json : []
}
