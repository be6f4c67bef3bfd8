import { createGunzip } from 'node:zlib'
import { pipeline } from 'node:stream'

/** A line of a file, or the reason why it could not be read. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  readonly text: string
  readonly problem?: string
}

// JavaScript strings are limited to about 512 MB, and a line is parsed as a whole.
const MAX_LINE_BYTES = 256 * 1024 * 1024
const NEW_LINE = 10

/**
 * Yields the non-blank lines of UTF-8 text, plain or gzip. Keeps one line in memory. A line that is too long has a
 * problem and no text.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1
  let parts: Uint8Array[] = []
  let length = 0
  const take = (): Line[] => {
    const isTooLong = length > MAX_LINE_BYTES
    const text = isTooLong
      ? ''
      : Buffer.concat(parts)
          .toString('utf8')
          .replace(/^\uFEFF/, '')
          .trim()
    parts = []
    length = 0
    if (isTooLong) return [{ number, text, problem: `longer than ${MAX_LINE_BYTES / 1024 / 1024} MB` }]
    return text === '' ? [] : [{ number, text }]
  }
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length <= MAX_LINE_BYTES) parts.push(part)
    else parts = []
  }
  for await (const chunk of unzipped(bytes)) {
    let start = 0
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      add(chunk.subarray(start, end))
      yield* take()
      number += 1
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  yield* take()
}

// The first two bytes tell whether a file is compressed, not its name.
async function* unzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const { value, done } = await chunks.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  const whole = (async function* () {
    yield head
    yield* { [Symbol.asyncIterator]: () => chunks }
  })()
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole
    return
  }
  const gunzip = createGunzip()
  // The callback is required; a failure is also thrown by `gunzip`.
  pipeline(whole, gunzip, () => {})
  yield* gunzip as AsyncIterable<Uint8Array> // no encoding is set
}
