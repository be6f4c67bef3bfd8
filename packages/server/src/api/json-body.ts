import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HttpError } from '../http/http-error.ts'

/** No question and no log is larger; calls in bulk have a route of their own. */
const MAX_BODY_BYTES = 1024 * 1024
const MAX_DEPTH = 32

/** Lets a request pass whose body is JSON that can be read without harm; everything else is refused with its reason. */
export function jsonBody(): [MiddlewareHandler, MiddlewareHandler, MiddlewareHandler] {
  return [refuseOtherTypes, limitSize, checkJson]
}

const refuseOtherTypes: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpError('The body is compressed', {
      status: 415,
      code: 'unsupported_encoding',
      field: 'Content-Encoding',
      hint: 'Send it as it is',
    })
  }
  if (!/^application\/json(?:;.*)?$/i.test(c.req.header('content-type')?.trim() ?? '')) {
    throw new HttpError('The body is not marked as JSON', {
      status: 415,
      code: 'unsupported_media_type',
      field: 'Content-Type',
      hint: 'Send it as application/json',
    })
  }
  await next()
}

const limitSize = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new HttpError(`The body is larger than ${MAX_BODY_BYTES} bytes`, {
      status: 413,
      code: 'too_large',
      hint: 'Send less at a time',
    })
  },
})

const checkJson: MiddlewareHandler = async (c, next) => {
  const text = decode(await c.req.arrayBuffer())
  if (isDeeper(text, MAX_DEPTH)) {
    throw new HttpError(`The body is nested deeper than ${MAX_DEPTH} levels`, { status: 400, code: 'too_deep' })
  }
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new HttpError('The body is no JSON', { status: 400, code: 'invalid_json', cause })
  }
  await next()
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HttpError('The body is no UTF-8', { status: 400, code: 'invalid_json', cause })
  }
}

/** Whether JSON is nested deeper than this, told without parsing it. */
function isDeeper(json: string, maxDepth: number): boolean {
  let depth = 0
  let isInText = false
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index)
    if (isInText) {
      if (code === BACKSLASH) index += 1
      else if (code === QUOTE) isInText = false
    } else if (code === QUOTE) isInText = true
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1
      if (depth > maxDepth) return true
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1
  }
  return false
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
