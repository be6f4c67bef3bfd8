import type { Json } from '../json/json.ts'
import { ELLIPSIS } from '../json/cut-text.ts'
import { findAssignments } from './find-assignments.ts'
import { findPrivateKeys } from './find-private-keys.ts'
import { createTokenFinder } from './find-tokens.ts'
import { redactJson } from './redact-json.ts'
import { TOKEN_PATTERNS } from './redaction-patterns.ts'
import type { ExpressionPattern, RedactionPattern, TokenPattern } from './redaction-patterns.ts'
import type { Finding, SearchedText } from './searched-text.ts'
import { MIN_TOKEN_LENGTH } from './token-expression.ts'

/** Removes credentials from content before it is stored or sent. */
export interface Redactor {
  /** Replaces credentials with `[redacted:label]`. Linear in the length of the text; idempotent. */
  redactText(text: string): string
  /**
   * The same for every text in a value, and for values of keys such as `password`. Returns the value itself if it is
   * clean.
   */
  redactJson(json: Json): Json
}

export interface RedactorOptions {
  /** Credentials of your own, in addition to the built-in ones. */
  readonly patterns?: readonly RedactionPattern[]
  /** Redacts nothing. */
  readonly disabled?: boolean
}

// A shorter text cannot contain any known credential.
const MIN_TEXT_LENGTH = 8
// A second round finds what one credential hid from the search; contrived texts can hide it twice.
const MAX_ROUNDS = 8
const PREFIX = /^[A-Za-z0-9][\w\-./+~]+$/

/** Creates a redactor. Throws if a pattern could never match. */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  if (options.disabled === true) return { redactText: (text) => text, redactJson: (json) => json }
  const custom = options.patterns ?? []
  const ownTokens = custom.filter((pattern) => 'prefix' in pattern)
  for (const pattern of ownTokens) assertFindable(pattern)
  const findTokens = createTokenFinder([...TOKEN_PATTERNS, ...ownTokens])
  const expressions = custom.filter((pattern) => 'expression' in pattern).map(toGlobal)

  function redactText(text: string): string {
    let redacted = text
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const findings = findAll(redacted)
      if (findings.length === 0) break
      redacted = replaceFindings(redacted, findings)
    }
    return expressions.length === 0 ? redacted : replaceExpressions(redacted, expressions)
  }

  function findAll(text: string): Finding[] {
    const findings: Finding[] = []
    if (text.length < MIN_TEXT_LENGTH) return findings
    const searched: SearchedText = { text, cutAt: text.endsWith(ELLIPSIS) ? text.length - 1 : -1 }
    findTokens(searched, findings)
    findAssignments(searched, findings)
    findPrivateKeys(searched, findings)
    return findings
  }

  return { redactText, redactJson: (json) => redactJson(json, redactText) }
}

function assertFindable({ label, prefix, minLength }: TokenPattern): void {
  if (PREFIX.test(prefix) && prefix.length + minLength >= MIN_TOKEN_LENGTH) return
  throw new Error(
    `Cannot look for "${label}" by the prefix "${prefix}"; use a letter or digit first, then letters, digits and - _ . / + ~, ` +
      `with minLength ${MIN_TOKEN_LENGTH} characters or more, or an expression`,
  )
}

function toGlobal({ label, expression }: ExpressionPattern): ExpressionPattern {
  const flags = expression.flags.replaceAll(/[gy]/g, '')
  return { label, expression: new RegExp(expression.source, `${flags}g`) }
}

function replaceExpressions(text: string, expressions: readonly ExpressionPattern[]): string {
  let result = text
  for (const { label, expression } of expressions) {
    result = result.replace(expression, (match: string) => (match === '' ? '' : labelOf(label)))
  }
  return result
}

/** Findings come in any order and may overlap; the first one labels the range they cover together. */
function replaceFindings(text: string, findings: Finding[]): string {
  findings.sort((a, b) => a.start - b.start || b.end - a.end)
  // Joined, because the result is searched again and should be one flat text.
  const pieces: string[] = []
  let done = 0
  for (const { start, end, label } of findings) {
    if (start >= done) pieces.push(text.slice(done, start), labelOf(label))
    done = Math.max(done, end)
  }
  pieces.push(text.slice(done))
  return pieces.join('')
}

/** The replacement for a credential. */
export function labelOf(label: string): string {
  return `[redacted:${label}]`
}
