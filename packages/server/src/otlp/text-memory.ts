import { createByteHash } from './byte-hash.ts'

/** Caches the short texts of a body: spans share attribute names and many values. */
export interface TextMemory {
  /** Decodes the UTF-8 text at these bytes. */
  textAt(start: number, end: number): string
}

interface Remembered {
  readonly start: number
  readonly end: number
  readonly text: string
}

// Longer texts rarely repeat, and decoding one takes no longer than a lookup.
const LONGEST = 64
// Bounds memory if names never repeat.
const MOST = 2_000

export function createTextMemory(body: Buffer): TextMemory {
  const known = new Map<number, Remembered>()
  const hashOf = createByteHash(body)

  function isSame({ start, end }: Remembered, otherStart: number, otherEnd: number): boolean {
    if (end - start !== otherEnd - otherStart) return false
    for (let at = start; at < end; at += 1) if (body[at] !== body[otherStart + at - start]) return false
    return true
  }

  return {
    textAt(start, end) {
      if (end - start > LONGEST) return body.toString('utf8', start, end)
      const hash = hashOf(start, end)
      const found = known.get(hash)
      if (found !== undefined && isSame(found, start, end)) return found.text
      const text = body.toString('utf8', start, end)
      if (found === undefined && known.size < MOST) known.set(hash, { start, end, text })
      return text
    },
  }
}
