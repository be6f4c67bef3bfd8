import { classesAt, DIGIT, endOf, hasDigits, PARAMETER_END, VALUE_END, WORD } from './character-classes.ts'
import { findUrlPassword } from './find-url-password.ts'
import { secretName } from './secret-names.ts'
import type { SecretName } from './secret-names.ts'
import type { Finding, SearchedText } from './searched-text.ts'

const COLON = 0x3a
const EQUALS = 0x3d
const BACKSLASH = 0x5c
const SPACE = 0x20
const SEMICOLON = 0x3b
const LINE_FEED = 0x0a
// In JSON and code separators stand so close that looking for the next one by hand is faster.
const NEAR = 16
const DECISION_WINDOW = 32
const MIN_VALUE_LENGTH = 6
const MIN_RANDOM_LENGTH = 16
const MAX_NAME_LENGTH = 64
const TELEGRAM_LENGTH = 35

/** An assignment to a name that sounds secret. */
interface Assignment {
  readonly name: SecretName
  /** The index of `=` or `:`. */
  readonly separator: number
  /** The quote after the name, as in JSON, or 0. */
  readonly nameQuote: number
  /** Whether it stands in a URL or connection string, where a value needs no quotes. */
  readonly isParameter: boolean
}

/** Finds what stands behind `=` and `:`: values of secret-sounding names, headers, passwords in URLs, bot tokens. */
export function findAssignments(searched: SearchedText, findings: Finding[]): void {
  for (const separator of [COLON, EQUALS]) {
    let at = nextIndexOf(searched.text, separator, 0)
    while (at >= 0) {
      const found = findAt(searched, at, separator)
      if (found !== undefined) findings.push(found)
      at = nextIndexOf(searched.text, separator, Math.max(at + 1, found?.end ?? 0))
    }
  }
}

function nextIndexOf(text: string, code: number, from: number): number {
  for (let at = from; at < from + NEAR; at += 1) if (text.charCodeAt(at) === code) return at
  return text.indexOf(code === COLON ? ':' : '=', from + NEAR)
}

function findAt(searched: SearchedText, at: number, separator: number): Finding | undefined {
  const { text } = searched
  if (separator === COLON) {
    const next = text.charCodeAt(at + 1)
    if (next === 0x2f) return text.charCodeAt(at + 2) === 0x2f ? findUrlPassword(searched, at + 3) : undefined
    if (next === 0x41 && (classesAt(text, at - 1) & DIGIT) !== 0) return telegramToken(searched, at)
  }
  const assignment = readName(text, at)
  return assignment === undefined ? undefined : findValue(searched, assignment)
}

/** `123456789:AA…`: the id of a bot and 35 characters. */
function telegramToken({ text, cutAt }: SearchedText, at: number): Finding | undefined {
  let start = at
  while (start > at - 12 && (classesAt(text, start - 1) & DIGIT) !== 0) start -= 1
  const end = endOf(text, at + 1, WORD)
  const length = end - at - 1
  const isToken = length === TELEGRAM_LENGTH || (end === cutAt && length >= 8 && length < TELEGRAM_LENGTH)
  return isToken && at - start >= 8 && at - start <= 10 ? { start, end, label: 'telegram_token' } : undefined
}

function readName(text: string, separator: number): Assignment | undefined {
  let end = separator
  while (end > separator - 2 && text.charCodeAt(end - 1) === SPACE) end -= 1
  let nameQuote = 0
  if (isQuote(text.charCodeAt(end - 1))) {
    nameQuote = text.charCodeAt(end - 1)
    end -= text.charCodeAt(end - 2) === BACKSLASH ? 2 : 1
  }
  const name = secretName(text, end)
  if (name === undefined) return undefined
  return { name, separator, nameQuote, isParameter: isParameter(text, end) }
}

/** Whether the name that ends here follows `?`, `&` or `;`, as in URLs and connection strings. */
function isParameter(text: string, nameEnd: number): boolean {
  let start = nameEnd
  while (start > nameEnd - MAX_NAME_LENGTH && (classesAt(text, start - 1) & WORD) !== 0) start -= 1
  const before = text.charCodeAt(start - 1)
  if (before === SPACE) return text.charCodeAt(start - 2) === SEMICOLON
  return before === SEMICOLON || before === 0x3f || before === 0x26
}

function findValue(searched: SearchedText, assignment: Assignment): Finding | undefined {
  const { text } = searched
  const start = valueStart(text, assignment)
  if (start < 0) return undefined
  const isEscaped = text.charCodeAt(start) === BACKSLASH
  const quote = text.charCodeAt(isEscaped ? start + 1 : start)
  if (isQuote(quote)) return quotedValue(searched, assignment, { start: start + (isEscaped ? 2 : 1), quote, isEscaped })
  if (assignment.name.label === 'authorization') return headerValue(searched, start)
  if (assignment.name.label.endsWith('cookie')) return cookieHeader(text, start)
  return unquotedValue(searched, assignment, start)
}

/** Where the value starts, or -1 for `==`, `=>` behind anything but a quoted name, and values that are redacted already. */
function valueStart(text: string, { separator, nameQuote }: Assignment): number {
  let start = separator + 1
  const next = text.charCodeAt(start)
  if (next === EQUALS) {
    if (text.charCodeAt(separator) === EQUALS) return -1
    start += 1
  } else if (next === 0x3e) {
    if (nameQuote === 0) return -1
    start += 1
  }
  const last = start + 4
  while (start < last && (text.charCodeAt(start) === SPACE || text.charCodeAt(start) === 0x09)) start += 1
  return text.startsWith('[redacted:', start) ? -1 : start
}

interface Quoted {
  readonly start: number
  readonly quote: number
  /** Whether the quote itself is escaped: JSON in JSON. Then a backslash ends the value, else it escapes a character. */
  readonly isEscaped: boolean
}

function quotedValue(searched: SearchedText, { name, nameQuote }: Assignment, quoted: Quoted): Finding | undefined {
  const { text, cutAt } = searched
  const { start } = quoted
  if (text.startsWith('[redacted:', start)) return undefined
  // Both quoted is JSON, where a value is a value. In code a quoted text may as well be a label for a form.
  const isData = nameQuote !== 0 && name.secrecy === 'always'
  if (!isData && !looksSecret(text, start, minLengthOf(name))) return undefined
  let end = start
  while (end < text.length && end !== cutAt) {
    const code = text.charCodeAt(end)
    if (code === quoted.quote || code === LINE_FEED || (code === BACKSLASH && quoted.isEscaped)) break
    end += code === BACKSLASH ? 2 : 1
  }
  return end > start ? { start, end: Math.min(end, text.length), label: name.label } : undefined
}

/** `Bearer …`, `Basic …` or a bare key, up to the end of the value; the scheme stays. */
function headerValue(searched: SearchedText, start: number): Finding | undefined {
  const { text } = searched
  const schemeEnd = endOf(text, start, WORD)
  const hasScheme = text.charCodeAt(schemeEnd) === SPACE && schemeEnd > start && schemeEnd - start <= 20
  const valueAt = hasScheme ? schemeEnd + 1 : start
  if (text.startsWith('[redacted:', valueAt)) return undefined
  const end = endOfValue(searched, valueAt, VALUE_END)
  const isSecret = hasDigits(text, valueAt, end, 1) || (hasScheme && hasInnerCapital(text, valueAt, end))
  return end - valueAt >= MIN_VALUE_LENGTH && isSecret ? { start: valueAt, end, label: 'authorization' } : undefined
}

function hasInnerCapital(text: string, start: number, end: number): boolean {
  return /[a-z][A-Z]/.test(text.slice(start, Math.min(end, start + DECISION_WINDOW)))
}

/** `a=b; c=d` up to the end of the line or the quote around the header. */
function cookieHeader(text: string, start: number): Finding | undefined {
  const pair = endOf(text, start, WORD)
  if (text.charCodeAt(pair) !== EQUALS || pair === start) return undefined
  let end = pair
  while (end < text.length && text.charCodeAt(end) !== LINE_FEED && !isQuote(text.charCodeAt(end))) end += 1
  return { start, end, label: 'cookie' }
}

function unquotedValue(searched: SearchedText, assignment: Assignment, start: number): Finding | undefined {
  const { text } = searched
  const { name, isParameter } = assignment
  const isCertain = isParameter && name.secrecy === 'always' && text.charCodeAt(assignment.separator) === EQUALS
  if (!isCertain && !looksSecret(text, start, minLengthOf(name))) return undefined
  const end = endOfValue(searched, start, isCertain ? PARAMETER_END : VALUE_END)
  // What is called or indexed is code.
  const next = text.charCodeAt(end)
  return end > start && (isCertain || (next !== 0x28 && next !== 0x5b)) ? { start, end, label: name.label } : undefined
}

function endOfValue({ text, cutAt }: SearchedText, start: number, endClass: number): number {
  let end = start
  while (end < text.length && end !== cutAt && (classesAt(text, end) & endClass) === 0) end += 1
  return end
}

function minLengthOf(name: SecretName): number {
  return name.secrecy === 'always' ? MIN_VALUE_LENGTH : MIN_RANDOM_LENGTH
}

/** Long enough, without blanks, and with a digit near its start: a value, not a word. */
function looksSecret(text: string, start: number, minLength: number): boolean {
  const last = start + DECISION_WINDOW
  let hasDigit = false
  for (let at = start; at < last; at += 1) {
    const code = text.charCodeAt(at)
    // NaN is the end of the text.
    const isEnd = Number.isNaN(code) || (classesAt(text, at) & VALUE_END) !== 0 || code === COLON || code === EQUALS
    if (isEnd) return hasDigit && at - start >= minLength
    hasDigit ||= (classesAt(text, at) & DIGIT) !== 0
  }
  return hasDigit
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60
}
