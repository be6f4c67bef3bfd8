import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HttpError } from '../http/http-error.ts'
import { checkJson } from '../otlp/check-json.ts'

/** Larger than any query or log; `POST /api/calls` takes calls in bulk. */
const MAX_BODY_BYTES = 1024 * 1024
const MAX_DEPTH = 32
// The size of the body bounds everything else.
const UNLIMITED = { containers: Infinity, values: Infinity, names: Infinity }

/** Refuses bodies that are not JSON, too large or too deep. */
export function jsonBody(): [MiddlewareHandler, MiddlewareHandler, MiddlewareHandler] {
  return [refuseOtherTypes, limitSize, refuseInvalid]
}

const refuseOtherTypes: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpError('The body is compressed', {
      status: 415,
      code: 'unsupported_encoding',
      field: 'Content-Encoding',
      hint: 'Send it uncompressed',
    })
  }
  if (!/^application\/json(?:;.*)?$/i.test(c.req.header('content-type')?.trim() ?? '')) {
    throw new HttpError('The body must be sent as JSON', {
      status: 415,
      code: 'unsupported_media_type',
      field: 'Content-Type',
      hint: 'Set Content-Type to application/json',
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
      hint: 'Send a smaller body',
    })
  },
})

const refuseInvalid: MiddlewareHandler = async (c, next) => {
  const bytes = await c.req.arrayBuffer()
  const text = decode(bytes)
  refuseDeep(bytes)
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new HttpError('The body is not JSON', { status: 400, code: 'invalid_json', cause })
  }
  await next()
}

function refuseDeep(bytes: ArrayBuffer): void {
  try {
    checkJson(Buffer.from(bytes), { ...UNLIMITED, depth: MAX_DEPTH })
  } catch (cause) {
    throw new HttpError(`The body is nested deeper than ${MAX_DEPTH} levels`, { status: 400, code: 'too_deep', cause })
  }
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HttpError('The body is not UTF-8', { status: 400, code: 'invalid_json', cause })
  }
}
