import { BASE62, classesAt, DOTTED, endOf, hasDigits, HEX, RUN, UPPER, WORD } from './character-classes.ts'
import { findShapedToken } from './find-shaped-token.ts'
import type { PrefixIndex } from './prefix-index.ts'
import type { TokenAlphabet, TokenPattern } from './redaction-patterns.ts'
import type { Finding, SearchedText } from './searched-text.ts'

/** No credential is found in a shorter row of its characters. */
const MIN_RUN = 16

const MIN_CUT_LENGTH = 8
const CLASS_OF: Readonly<Record<TokenAlphabet, number>> = {
  base62: BASE62,
  hex: HEX,
  upper: UPPER,
  word: WORD,
  dotted: DOTTED,
  path: RUN,
  jwt: DOTTED,
}

/** Where the current row of `word` and `dotted` characters ends, so that each is walked once however many prefixes it holds. */
interface Ends {
  word: number
  dotted: number
}

/**
 * Finds credentials that are known by their prefix or shape.
 * Looks at every 16th character until it meets a long row of credential characters: ordinary words are skipped.
 */
export function findTokens(searched: SearchedText, index: PrefixIndex, findings: Finding[]): void {
  const { text } = searched
  let floor = 0
  let at = MIN_RUN - 1
  while (at < text.length) {
    if ((classesAt(text, at) & RUN) === 0) {
      at += MIN_RUN
      continue
    }
    let start = at
    while (start > floor && (classesAt(text, start - 1) & RUN) !== 0) start -= 1
    floor = endOf(text, at + 1, RUN)
    if (floor - start >= MIN_RUN) searchRun(searched, { start, end: floor }, index, findings)
    at = floor + MIN_RUN
  }
}

function searchRun(
  searched: SearchedText,
  run: { readonly start: number; readonly end: number },
  index: PrefixIndex,
  findings: Finding[],
): void {
  const { text } = searched
  const shaped = findShapedToken(searched, run.start, run.end)
  if (shaped !== undefined) findings.push(shaped)
  const ends: Ends = { word: 0, dotted: 0 }
  let afterLetter = false
  let at = shaped?.end ?? run.start
  while (at < run.end) {
    const isLetter = (classesAt(text, at) & BASE62) !== 0
    const found = isLetter && !afterLetter ? matchPrefix(searched, { at, runEnd: run.end, ends }, index) : undefined
    if (found === undefined) {
      afterLetter = isLetter
      at += 1
    } else {
      findings.push(found)
      afterLetter = false
      at = found.end
    }
  }
}

interface Position {
  readonly at: number
  readonly runEnd: number
  readonly ends: Ends
}

/** The pattern with the longest prefix that matches here. */
function matchPrefix(searched: SearchedText, position: Position, index: PrefixIndex): Finding | undefined {
  const { text } = searched
  let found: Finding | undefined
  let node = 0
  for (let at = position.at; at < position.runEnd; at += 1) {
    node = index.children[node * 128 + text.charCodeAt(at)] ?? 0
    if (node === 0) break
    const patterns = index.patterns[node]
    if (patterns === undefined || patterns.length === 0) continue
    for (const pattern of patterns) {
      const end = matchBody(searched, position, at + 1, pattern)
      if (end > 0) found = { start: position.at, end, label: pattern.label }
    }
  }
  return found
}

/** Where the credential ends, or -1. */
function matchBody(searched: SearchedText, position: Position, start: number, pattern: TokenPattern): number {
  const { text, cutAt } = searched
  if (pattern.standalone === true && (classesAt(text, position.at - 1) & WORD) !== 0) return -1
  const end = bodyEnd(text, position, start, pattern.alphabet)
  const length = end - start
  const minLength =
    end === cutAt ? Math.min(pattern.minLength, minCutLength(pattern.prefix.length)) : pattern.minLength
  if (length < minLength || length > (pattern.maxLength ?? length)) return -1
  // Letters right behind mean that this is a longer word of another kind.
  if ((classesAt(text, end) & BASE62) !== 0) return -1
  if (pattern.minDigits !== undefined && !hasDigits(text, start, end, pattern.minDigits)) return -1
  if (pattern.alphabet === 'jwt' && end !== cutAt && !hasSegments(text, position, start, end)) return -1
  return end
}

function bodyEnd(text: string, { runEnd, ends }: Position, start: number, alphabet: TokenAlphabet): number {
  if (alphabet === 'path') return withoutFullStop(text, start, runEnd)
  if (alphabet === 'word') {
    if (start > ends.word) ends.word = endOf(text, start, WORD)
    return Math.max(start, ends.word)
  }
  if (alphabet === 'dotted' || alphabet === 'jwt') {
    if (start > ends.dotted) ends.dotted = endOf(text, start, DOTTED)
    return withoutFullStop(text, start, Math.max(start, ends.dotted))
  }
  return endOf(text, start, CLASS_OF[alphabet])
}

/** The full stop of a sentence is no part of the credential. */
function withoutFullStop(text: string, start: number, end: number): number {
  return end > start && text[end - 1] === '.' ? end - 1 : end
}

function minCutLength(prefixLength: number): number {
  return Math.max(MIN_CUT_LENGTH, MIN_RUN - prefixLength)
}

/** Header and payload of a JWT. */
function hasSegments(text: string, { ends }: Position, start: number, end: number): boolean {
  if (start > ends.word) ends.word = endOf(text, start, WORD)
  return text[ends.word] === '.' && ends.word - start >= 10 && end - ends.word > 10
}
