import { findUrlPassword } from './find-url-password.ts'
import { secretName } from './secret-names.ts'
import type { SecretName } from './secret-names.ts'
import type { Finding, SearchedText } from './searched-text.ts'

// What ends a value in prose, code and headers.
const VALUE_END = '\\s"\'`\\\\,;&<>(){}[\\]|…'
// Looks like a value rather than a word: has a digit near its start. Every lookaround is bounded, so the search stays
// linear.
const DIGIT_SOON = `[^${VALUE_END}:=]{0,31}\\d`
const QUOTE = '["\'`]'
const BLANKS = '[ \\t]{0,4}'

const UNQUOTED = new RegExp(`[^${VALUE_END}]*`, 'y')
const PARAMETER = /[^\s"'`\\;&<>…]*/y
const SHORT_SECRET = new RegExp(`(?=${DIGIT_SOON})[^${VALUE_END}:=]{6}`, 'y')
const RANDOM_SECRET = new RegExp(`(?=${DIGIT_SOON})[^${VALUE_END}:=]{16}`, 'y')
const SCHEME = /(?:[\w-]{3,20} )?/y
const HEADER_SECRET = /(?=[^\s"'`,;]{0,31}(?:\d|[a-z][A-Z]))[^\s"'`,;]{6}/y
const COOKIES = /[\w.-]{1,64}=[^"'`\\\n…]*/y

/** The endings of all secret names. The text before is read only where one of these matches. */
const NAME_END = anyCase('(?:key|word|wd|phrase|secret|token|ization|cookies?|tials?|string|auth|pass|sig)')

// What must follow or precede the `=` or `:` after such a name. One expression decides this, because a text may consist
// of nothing but candidates.
const ASSIGNMENTS = [
  // a value with a digit, quoted or not
  `(?==?>?${BLANKS}\\\\?${QUOTE}?${DIGIT_SOON})`,
  // name and value quoted, as in JSON: any value
  `(?<=${QUOTE} ?.)(?=>?${BLANKS}\\\\?${QUOTE}(?!\\[redacted:)[^"'\`])`,
  // an authorization header: a scheme and something encoded
  `(?<=(?:ization|IZATION) ?.)(?=${BLANKS}(?:[\\w-]{3,20} )?[^${VALUE_END}:=]{0,31}[a-z][A-Z])`,
  `(?<=(?:ization|IZATION) ?.)(?=${BLANKS}[\\w-]{3,20} ${DIGIT_SOON})`,
  // a cookie header: name-value pairs
  `(?<=ookie ?.)(?=${BLANKS}[\\w.-]{1,64}=)`,
  // a parameter in a URL or connection string: any value
  `(?<=[?&;] ?[\\w.-]{2,40}=)(?=[^${VALUE_END}])`,
]
const AUTHORITY = '[^\\s"\'`<>\\\\/?#…'
const SEPARATORS = new RegExp(
  `[:=](?:(?<=[A-Za-z"'\` ].)(?<=${NAME_END}\\\\?${QUOTE}? ?.)(?:${ASSIGNMENTS.join('|')})` +
    // a URL with user and password
    `|(?=//${AUTHORITY}:@]{0,256}:(?!\\[redacted:)${AUTHORITY}@]{1,256}(?:@|…$))` +
    // a Telegram bot token
    `|(?=A[\\w-]{8})(?<=\\b\\d{8,10}.))`,
  'g',
)
const TELEGRAM_SECRET = /[\w-]*/y
const TELEGRAM_LENGTH = 35
const SPACE = 0x20
const EQUALS = 0x3d
const GREATER = 0x3e
const DOUBLE_QUOTE = 0x22
const BACKSLASH = 0x5c
const LINE_FEED = 0x0a

/** An assignment to a name that sounds secret. */
interface Assignment {
  readonly name: SecretName
  /** The index of `=` or `:`. */
  readonly separator: number
  readonly nameEnd: number
  /** Whether the name is quoted, as in JSON. */
  readonly isQuoted: boolean
}

/** Finds secrets after `=` and `:`: values of secret-sounding names, headers, passwords in URLs, bot tokens. */
export function findAssignments(searched: SearchedText, findings: Finding[]): void {
  const { text } = searched
  SEPARATORS.lastIndex = 0
  while (SEPARATORS.test(text)) {
    const separator = SEPARATORS.lastIndex - 1
    const found = findAt(searched, separator)
    if (found !== undefined) {
      findings.push(found)
      SEPARATORS.lastIndex = found.end
    }
  }
}

function findAt(searched: SearchedText, separator: number): Finding | undefined {
  const { text } = searched
  if (text.startsWith('://', separator)) return findUrlPassword(searched, separator + 3)
  const assignment = readName(text, separator)
  if (assignment !== undefined) return findValue(searched, assignment)
  return text[separator + 1] === 'A' ? telegramToken(searched, separator) : undefined
}

/** `123456789:AA…`: a bot id and 35 characters. */
function telegramToken({ text, cutAt }: SearchedText, separator: number): Finding | undefined {
  const end = endOf(TELEGRAM_SECRET, text, separator + 1)
  const length = end - separator - 1
  const start = separator - (/\d{8,10}$/.exec(text.slice(Math.max(0, separator - 10), separator))?.[0].length ?? 0)
  const isToken = length === TELEGRAM_LENGTH || (end === cutAt && length < TELEGRAM_LENGTH)
  return isToken && start < separator ? { start, end, label: 'telegram_token' } : undefined
}

function readName(text: string, separator: number): Assignment | undefined {
  let end = separator
  if (text.charCodeAt(end - 1) === SPACE) end -= 1
  const isQuoted = isQuote(text.charCodeAt(end - 1))
  if (isQuoted) end -= text.charCodeAt(end - 2) === BACKSLASH ? 2 : 1
  const name = secretName(text, end)
  return name === undefined ? undefined : { name, separator, nameEnd: end, isQuoted }
}

/** Whether the assignment is in a URL or connection string, where a value needs neither quotes nor digits. */
function isParameter(text: string, { separator, nameEnd }: Assignment): boolean {
  return (
    text.charCodeAt(separator) === EQUALS && /[?&;] ?[\w.-]{2,40}$/.test(text.slice(Math.max(0, nameEnd - 42), nameEnd))
  )
}

function findValue(searched: SearchedText, assignment: Assignment): Finding | undefined {
  const { text } = searched
  const { name } = assignment
  const start = valueStart(text, assignment)
  if (start < 0) return undefined
  const isEscaped = text.charCodeAt(start) === BACKSLASH
  const quote = text.charCodeAt(isEscaped ? start + 1 : start)
  if (isQuote(quote)) return quotedValue(searched, assignment, { start: start + (isEscaped ? 2 : 1), quote, isEscaped })
  if (name.label === 'authorization') return headerValue(text, start)
  if (name.label.includes('cookie')) return cookies(text, start, name)
  const isCertain = name.secrecy === 'always' && isParameter(text, assignment)
  if (!isCertain && !matches(secretExpression(name), text, start)) return undefined
  const end = endOf(isCertain ? PARAMETER : UNQUOTED, text, start)
  // A name that is called or indexed is code.
  const isCode = !isCertain && (text[end] === '(' || text[end] === '[')
  return end > start && !isCode ? { start, end, label: name.label } : undefined
}

/** Index where the value starts; -1 for comparisons, arrow functions and redacted values. */
function valueStart(text: string, { separator, isQuoted }: Assignment): number {
  let start = separator + 1
  if (text.charCodeAt(start) === EQUALS) {
    if (text.charCodeAt(separator) === EQUALS) return -1
    start += 1
  } else if (text.charCodeAt(start) === GREATER) {
    if (!isQuoted) return -1
    start += 1
  }
  const last = start + 4
  while (start < last && (text.charCodeAt(start) === SPACE || text.charCodeAt(start) === 0x09)) start += 1
  return text.startsWith('[redacted:', start) ? -1 : start
}

interface Quoted {
  readonly start: number
  readonly quote: number
  /**
   * Whether the quote itself is escaped, as in JSON inside JSON. Then a backslash ends the value instead of escaping a
   * character.
   */
  readonly isEscaped: boolean
}

function quotedValue({ text, cutAt }: SearchedText, assignment: Assignment, quoted: Quoted): Finding | undefined {
  const { start } = quoted
  const { name } = assignment
  if (text.startsWith('[redacted:', start)) return undefined
  // If both are quoted it is JSON, where a value is a value. In code, a quoted text may be a form label.
  const isData = assignment.isQuoted && name.secrecy === 'always'
  if (!isData && !matches(secretExpression(name), text, start)) return undefined
  let end = start
  while (end < text.length && end !== cutAt) {
    const code = text.charCodeAt(end)
    if (code === quoted.quote || code === DOUBLE_QUOTE || code === LINE_FEED) break
    if (code === BACKSLASH && quoted.isEscaped) break
    end += code === BACKSLASH ? 2 : 1
  }
  return end > start ? { start, end: Math.min(end, text.length), label: name.label } : undefined
}

/** `Bearer …`, `Basic …` or a bare key, up to the end of the value; the scheme is kept. */
function headerValue(text: string, start: number): Finding | undefined {
  const valueAt = endOf(SCHEME, text, start)
  if (text.startsWith('[redacted:', valueAt) || !matches(HEADER_SECRET, text, valueAt)) return undefined
  return { start: valueAt, end: endOf(UNQUOTED, text, valueAt), label: 'authorization' }
}

/** `a=b; c=d` up to the end of the line or the quote around the header. */
function cookies(text: string, start: number, name: SecretName): Finding | undefined {
  const end = endOf(COOKIES, text, start)
  return end > start ? { start, end, label: name.label } : undefined
}

/** `ab` as `[aA][bB]`, because the rest of the expression is case-sensitive. */
function anyCase(source: string): string {
  return source.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

function secretExpression(name: SecretName): RegExp {
  return name.secrecy === 'always' ? SHORT_SECRET : RANDOM_SECRET
}

function matches(expression: RegExp, text: string, at: number): boolean {
  expression.lastIndex = at
  return expression.test(text)
}

/** Index where a sticky expression stops matching; `at` if it does not match. */
function endOf(expression: RegExp, text: string, at: number): number {
  return matches(expression, text, at) ? expression.lastIndex : at
}

function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === 0x27 || code === 0x60
}
