import type { TokenPattern } from './redaction-patterns.ts'
import type { Finding, SearchedText } from './searched-text.ts'
import {
  cutTokenExpression,
  MIN_CUT_TOTAL,
  MIN_SHAPED_LENGTH,
  MIN_TOKEN_LENGTH,
  SHAPED_TOKEN,
  tokenExpression,
} from './token-expression.ts'

/** Finds credentials by prefix or shape. */
export type FindTokens = (searched: SearchedText, findings: Finding[]) => void

// The highest separator: spaces, quotes, parentheses and `*` sort at or below it; letters, digits and `+,-./:;=_~`
// above.
const LAST_SEPARATOR = 0x2a
const SEPARATOR = /[\0-*]/g
// Longer runs are scanned by the expression above, which is faster but slow to start.
const NEAR = 32
// No pattern needs more; a longer credential is found whole.
const CUT_WINDOW = 128
const DIGIT_WINDOW = 32

export function createTokenFinder(patterns: readonly TokenPattern[]): FindTokens {
  const expression = tokenExpression(patterns)
  const cutExpression = cutTokenExpression(patterns)
  const longestFirst = patterns.toSorted((a, b) => b.prefix.length - a.prefix.length)
  const patternsByStart = Map.groupBy(longestFirst, ({ prefix }) => prefix.slice(0, 2))

  /** Tests every 20th character until it meets a long run without separators, so ordinary words are skipped. */
  return (searched, findings) => {
    const { text, cutAt } = searched
    const { length } = text
    let floor = 0
    let at = MIN_TOKEN_LENGTH - 1
    while (at < length) {
      if (text.charCodeAt(at) <= LAST_SEPARATOR) {
        at += MIN_TOKEN_LENGTH
        continue
      }
      let start = at
      while (start > floor && text.charCodeAt(start - 1) > LAST_SEPARATOR) start -= 1
      floor = endOfRow(text, at + 1)
      if (floor - start >= MIN_TOKEN_LENGTH) findInRow(text, start, floor, findings)
      at = floor + MIN_TOKEN_LENGTH
    }
    if (cutAt > 0) findAtCut(text, cutAt, findings)
  }

  function findInRow(text: string, start: number, end: number, findings: Finding[]): void {
    if (text.charCodeAt(start - 1) === 0x20) findAfterScheme(text, start, end, findings)
    const row = text.slice(start, end)
    if (row.length >= MIN_SHAPED_LENGTH) findShaped(row, start, findings)
    expression.lastIndex = 0
    for (let match = expression.exec(row); match !== null; match = expression.exec(row)) {
      const matched = withoutFullStop(match[0])
      const label = labelOf(matched)
      if (label !== undefined) {
        findings.push({ start: start + match.index, end: start + match.index + matched.length, label })
      }
    }
  }

  /** Finds a credential that was cut before its end. */
  function findAtCut(text: string, cutAt: number, findings: Finding[]): void {
    const first = Math.max(0, cutAt - CUT_WINDOW)
    let start = cutAt
    while (start > first && text.charCodeAt(start - 1) > LAST_SEPARATOR) start -= 1
    if (cutAt - start < MIN_CUT_TOTAL) return
    const match = cutExpression.exec(text.slice(start, cutAt))
    // The window may start in the middle of a word.
    if (match === null || (match.index === 0 && start > 0 && start === first)) return
    const label = labelOf(match[0])
    if (label !== undefined) findings.push({ start: start + match.index, end: cutAt, label })
  }

  /** The label of the longest prefix; undefined if there are too few digits for a key. */
  function labelOf(matched: string): string | undefined {
    return patternsByStart.get(matched.slice(0, 2))?.find((pattern) => fits(matched, pattern))?.label
  }
}

function fits(matched: string, { prefix, alphabet, minDigits = 0 }: TokenPattern): boolean {
  if (!matched.startsWith(prefix)) return false
  if (minDigits > 0 && digitsOf(matched, prefix.length) < minDigits) return false
  return alphabet !== 'base62' || !/[^A-Za-z0-9]/.test(matched.slice(prefix.length))
}

function findShaped(row: string, rowStart: number, findings: Finding[]): void {
  SHAPED_TOKEN.lastIndex = 0
  for (let match = SHAPED_TOKEN.exec(row); match !== null; match = SHAPED_TOKEN.exec(row)) {
    const [rest, mailKey, userId = ''] = match
    const start = rowStart + match.index - (mailKey ?? userId).length
    const end = rowStart + match.index + rest.length
    if (mailKey !== undefined)
      findings.push({ start, end, label: rest.includes('us') ? 'mailchimp_key' : 'mailgun_key' })
    // A user id in base64 has digits; a long dotted name has none.
    else if (digitsOf(userId, 0) > 0) findings.push({ start, end, label: 'discord_token' })
  }
}

/** Finds a key after `Bearer` or `Basic` that does not look like a word. */
function findAfterScheme(text: string, start: number, end: number, findings: Finding[]): void {
  const isBearer = text.startsWith('earer', start - 6)
  if (!isBearer && !text.startsWith('asic', start - 5)) return
  const value = text.slice(start, end)
  const isKey = digitsOf(value, 0) > 0 && (isBearer || (/[a-z]/.test(value) && /[A-Z]/.test(value)))
  const credentialEnd = start + (/[^\w.+/~=-]/.exec(value)?.index ?? value.length)
  if (isKey && credentialEnd - start >= MIN_TOKEN_LENGTH) {
    findings.push({ start, end: credentialEnd, label: isBearer ? 'bearer_token' : 'basic_credentials' })
  }
}

function endOfRow(text: string, from: number): number {
  for (let at = from; at < from + NEAR; at += 1) {
    // At the end of the text `charCodeAt` is NaN, which is not greater either.
    if (!(text.charCodeAt(at) > LAST_SEPARATOR)) return at
  }
  SEPARATOR.lastIndex = from + NEAR
  return SEPARATOR.test(text) ? SEPARATOR.lastIndex - 1 : text.length
}

/** The full stop of a sentence is not part of a credential. */
function withoutFullStop(token: string): string {
  return token.endsWith('.') ? token.slice(0, -1) : token
}

function digitsOf(token: string, from: number): number {
  return token.slice(from, from + DIGIT_WINDOW).replaceAll(/\D/g, '').length
}
