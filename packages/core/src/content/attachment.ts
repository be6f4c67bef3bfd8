import type { JsonObject } from '../json/json.ts'
import { cutText } from '../json/cut-text.ts'
import type { Fields } from './genai-content.ts'

// The schemas require a field for the bytes or their address, so it stays but is empty.
const ADDRESS_FIELDS: ReadonlyMap<unknown, string> = new Map([
  ['blob', 'content'],
  ['file', 'file_id'],
  ['uri', 'uri'],
])
const MAX_NAME_LENGTH = 128
const UNKNOWN_MODALITY = 'unknown'

/** The fields that the schemas require of an attachment. */
export function addressOf(part: JsonObject): JsonObject {
  const field = ADDRESS_FIELDS.get(part.type) ?? 'content'
  const address = part[field]
  return {
    modality: typeof part.modality === 'string' ? part.modality : UNKNOWN_MODALITY,
    [field]: typeof address === 'string' ? address : '',
  }
}

/** Describes an attachment without its bytes: modality, media type and size. */
export function attachmentStub(part: Fields): JsonObject {
  const type = String(part.type)
  const byteLength = byteLengthOf(part)
  return {
    type,
    modality: typeof part.modality === 'string' ? cutText(part.modality, MAX_NAME_LENGTH) : UNKNOWN_MODALITY,
    [ADDRESS_FIELDS.get(type) ?? 'content']: '',
    ...(typeof part.mime_type === 'string' ? { mime_type: cutText(part.mime_type, MAX_NAME_LENGTH) } : {}),
    ...(byteLength === undefined ? {} : { byte_length: byteLength }),
  }
}

/** The base64 of a part, including one in a data URL. */
export function base64Of(part: Fields): string {
  if (part.type === 'blob' && typeof part.content === 'string') return part.content
  return part.type === 'uri' && typeof part.uri === 'string' && part.uri.startsWith('data:') ? part.uri : ''
}

function byteLengthOf(part: Fields): number | undefined {
  const base64 = base64Of(part)
  if (ArrayBuffer.isView(part.content)) return part.content.byteLength
  // A stub of a stub keeps the size of the first.
  if (base64 === '') return typeof part.byte_length === 'number' ? part.byte_length : undefined
  const start = base64.startsWith('data:') ? base64.indexOf(',') + 1 : 0
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return Math.max(0, Math.floor(((base64.length - start) * 3) / 4) - padding)
}
