import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { createGunzip } from 'node:zlib'
import { errorCodeOf, isError } from '@spanledger/core'
import type { Limits } from '../limits.ts'
import type { ByteBudget } from './byte-budget.ts'
import { HttpError } from './http-error.ts'

export interface ReadBodyOptions {
  readonly limits: Pick<Limits, 'bodyBytes' | 'expandedBytes'>
  readonly budget: ByteBudget
}

/** A body and its share of the byte budget. */
export interface HeldBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Returns the bytes to the budget. Idempotent. */
  release(): void
}

/** Assumed size of a body whose length is unknown. */
const GUESSED_BYTES = 256 * 1024
const FIRST_BYTES = 64 * 1024

/**
 * Reads a body, with or without gzip. Counts bytes before and after decompression, so that memory never exceeds a limit,
 * and checks the budget before it reads. Throws an `HttpError`.
 */
export async function readBody(c: Context, { limits, budget }: ReadBodyOptions): Promise<HeldBody> {
  const isGzip = isCompressed(c.req.header('content-encoding'))
  const announced = lengthOf(c.req.header('content-length'))
  const maxBytes = isGzip ? limits.bodyBytes : limits.expandedBytes
  if (announced !== undefined && announced > maxBytes) throw tooLarge(maxBytes)
  const hold = createHold(budget)
  hold.grow(announced ?? GUESSED_BYTES)
  try {
    const bytes = isGzip
      ? await gather(expand(countBytes(chunksOf(c), maxBytes), limits.expandedBytes), hold)
      : await gather(countBytes(freeChunks(c), maxBytes), hold, announced)
    return { bytes, release: hold.release }
  } catch (error) {
    hold.release()
    throw asHttpError(error)
  }
}

type Chunks = AsyncIterable<Uint8Array>

// Behind a port this is Node's own stream, because a web stream around it costs more than everything else here. It must
// survive a body that is too large, or the refusal could not be sent.
function chunksOf(c: Context): Chunks {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings> // empty behind `app.request`
  if (incoming !== undefined) return incoming.iterator({ destroyOnReturn: false }) as Chunks // no encoding is set
  return c.req.raw.body ?? new Blob([]).stream()
}

// Frees each chunk when the reader asks for the next one. The garbage collector sees small objects, not their large
// buffers, and would let some 50 MB pile up. Only chunks that came over a port and own their buffer may be freed.
async function* freeChunks(c: Context): AsyncGenerator<Uint8Array> {
  const isOurs = (c.env as Partial<HttpBindings> | undefined)?.incoming !== undefined
  for await (const chunk of chunksOf(c)) {
    yield chunk
    const { buffer } = chunk
    if (isOurs && buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength) buffer.transfer(0)
  }
}

function isCompressed(encoding: string | undefined): boolean {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '') return false
  if (name === 'gzip') return true
  throw new HttpError('The body has an unsupported compression', {
    status: 415,
    code: 'unsupported_encoding',
    field: 'Content-Encoding',
    hint: 'Send gzip, or no compression',
  })
}

function lengthOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

interface Hold {
  grow(to: number): void
  release(): void
}

function createHold(budget: ByteBudget): Hold {
  let held = 0
  return {
    grow(to) {
      if (to <= held) return
      if (!budget.take(to - held)) throw tooBusy()
      held = to
    },
    release() {
      budget.release(held)
      held = 0
    },
  }
}

async function* countBytes(chunks: Chunks, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(maxBytes)
    yield chunk
  }
}

/** Joins the parts in a buffer of their own, which can be transferred to another thread. */
async function gather(parts: Chunks, hold: Hold, expected = 0): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = Buffer.allocUnsafeSlow(expected)
  let length = 0
  for await (const part of parts) {
    const end = length + part.length
    hold.grow(end)
    if (end > bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, bytes.length * 2, FIRST_BYTES))
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    bytes.set(part, length)
    length = end
  }
  return bytes.subarray(0, length)
}

async function* expand(chunks: Chunks, maxBytes: number): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 })
  let failure: unknown
  const feeding = feed(chunks, gunzip).catch((error: unknown) => {
    failure = error
    gunzip.destroy(isError(error) ? error : new Error('The body is incomplete'))
  })
  let length = 0
  try {
    for await (const part of gunzip as AsyncIterable<Uint8Array>) {
      // no encoding is set
      length += part.length
      if (length > maxBytes) throw tooLarge(maxBytes)
      yield part
    }
    await feeding
  } catch (error) {
    throw failure ?? error
  } finally {
    gunzip.destroy()
  }
}

async function feed(chunks: Chunks, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const chunk of chunks) {
    if (gunzip.destroyed) return
    if (!gunzip.write(chunk)) await drained(gunzip)
  }
  gunzip.end()
}

function drained(gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('drain', done)
      gunzip.off('close', done)
      resolve()
    }
    gunzip.on('drain', done)
    gunzip.on('close', done)
  })
}

function asHttpError(error: unknown): unknown {
  const code = errorCodeOf(error) ?? ''
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return brokenOff(error)
  if (!code.startsWith('Z_')) return error
  return new HttpError('The body is not gzip, or it is damaged', {
    status: 400,
    code: 'malformed_body',
    hint: 'Leave out Content-Encoding if the body is not compressed',
    cause: error,
  })
}

function brokenOff(cause: unknown): HttpError {
  return new HttpError('The body is incomplete', { status: 400, code: 'body_broke_off', cause })
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(`The body is larger than ${maxBytes} bytes`, {
    status: 413,
    code: 'body_too_large',
    hint: 'Send fewer spans or calls at a time',
  })
}

function tooBusy(): HttpError {
  return new HttpError('The server is receiving more data than it can store', {
    status: 429,
    code: 'too_busy',
    hint: 'Retry after the time in Retry-After',
    retryAfterSeconds: 1,
  })
}
