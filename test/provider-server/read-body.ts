import type { IncomingMessage } from 'node:http'
import { objectOf, parseJson, type JsonObject } from './json.ts'

const LARGEST_BYTES = 64 * 1024 * 1024

/**
 * The request's body: JSON, or the text fields of a form. A file in a form becomes its size in bytes.
 * Rejects when the client goes away first; a body that is neither reads as empty.
 */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size > LARGEST_BYTES) throw new Error(`Request body is larger than ${LARGEST_BYTES} bytes`)
    pieces.push(piece)
  }
  const bytes = Buffer.concat(pieces)
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1]
  return boundary === undefined ? objectOf(parseJson(bytes.toString('utf8'))) : parseForm(bytes, boundary)
}

function parseForm(bytes: Buffer, boundary: string): JsonObject {
  // latin1 keeps one character per byte, so that a file between the fields does no harm.
  const parts = bytes.toString('latin1').split(`--${boundary}`).slice(1, -1)
  return Object.fromEntries(
    parts.flatMap((part) => {
      const headEnd = part.indexOf('\r\n\r\n')
      const head = part.slice(0, headEnd)
      const content = part.slice(headEnd + 4, -2)
      const name = /\bname="([^"]*)"/.exec(head)?.[1]
      if (name === undefined) return []
      const isFile = /\bfilename=/.test(head)
      return [[name, isFile ? content.length : Buffer.from(content, 'latin1').toString('utf8')]]
    }),
  )
}
