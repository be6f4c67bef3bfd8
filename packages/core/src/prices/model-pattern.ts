/** A model id or a pattern for ids, in lower case. */
export interface ModelPattern {
  readonly text: string
  readonly isExact: boolean
  /** Number of characters other than `*`. Of two matching patterns, the heavier one wins. */
  readonly weight: number
  matches(modelId: string): boolean
}

/**
 * Parses a pattern in which `*` matches any text that does not continue a version: `gpt-5*` matches `gpt-5`,
 * `gpt-5-mini` and `gpt-5-2025-08-07`, but not `gpt-5.1`, and `claude-sonnet-4*` does not match `claude-sonnet-4-5`.
 */
export function toModelPattern(model: string): ModelPattern {
  const text = model.toLowerCase()
  const parts = text.split('*')
  const [head = '', ...rest] = parts
  const tail = rest.pop()
  return {
    text,
    isExact: tail === undefined,
    weight: text.length - parts.length + 1,
    matches: tail === undefined ? (id) => id === text : (id) => matchesParts(id, { head, middle: rest, tail }),
  }
}

/** True if any id could match both patterns. */
export function patternsOverlap(one: ModelPattern, other: ModelPattern): boolean {
  if (one.isExact) return other.matches(one.text)
  if (other.isExact) return one.matches(other.text)
  return overlapFrom(one.text, other.text, new Map())
}

interface PatternParts {
  readonly head: string
  readonly middle: readonly string[]
  readonly tail: string
}

function matchesParts(id: string, { head, middle, tail }: PatternParts): boolean {
  if (!id.startsWith(head) || !isVersionEnd(id, head, head.length)) return false
  let position = head.length
  for (const part of middle) {
    const start = findPart(id, part, position)
    if (start === -1) return false
    position = start + part.length
  }
  const tailStart = id.length - tail.length
  return tailStart >= position && id.endsWith(tail) && isVersionStart(id, tail, tailStart)
}

// The first match suffices: the rest only needs room, and the earliest end leaves the most.
function findPart(id: string, part: string, from: number): number {
  for (let start = id.indexOf(part, from); start !== -1; start = id.indexOf(part, start + 1)) {
    if (isVersionStart(id, part, start) && isVersionEnd(id, part, start + part.length)) return start
  }
  return -1
}

// One or two digits after a separator are a version (`-5`, `.1`, `p6`); four or more are a date.
const GOES_ON = /^(?:\d|[.p]\d|[_-]\d{1,2}(?!\d))/
const CAME_BEFORE = /\d[.p]?$/

function isVersionEnd(id: string, part: string, end: number): boolean {
  return !/\d$/.test(part) || !GOES_ON.test(id.slice(end, end + 4))
}

function isVersionStart(id: string, part: string, start: number): boolean {
  return !/^\d/.test(part) || !CAME_BEFORE.test(id.slice(Math.max(0, start - 2), start))
}

// Two patterns overlap if they can be matched against each other, each `*` matching any part of the other.
function overlapFrom(one: string, other: string, known: Map<string, boolean>): boolean {
  const key = `${one.length}:${other.length}`
  const before = known.get(key)
  if (before !== undefined) return before
  const result = walkTogether(one, other, known)
  known.set(key, result)
  return result
}

function walkTogether(one: string, other: string, known: Map<string, boolean>): boolean {
  if (one === '' && other === '') return true
  if (one.startsWith('*')) {
    return overlapFrom(one.slice(1), other, known) || (other !== '' && overlapFrom(one, other.slice(1), known))
  }
  if (other.startsWith('*')) {
    return overlapFrom(one, other.slice(1), known) || (one !== '' && overlapFrom(one.slice(1), other, known))
  }
  return one !== '' && one.charAt(0) === other.charAt(0) && overlapFrom(one.slice(1), other.slice(1), known)
}
