const NUL_SIGN = '\u2400'
const UNICODE_ESCAPE = '\\u'

// One escape at a time, so that the second half of an escaped backslash starts none.
const ESCAPE = /\\(?:u[\da-f]{4}|.)/g
const ESCAPED_NUL = '\\u0000'
const ESCAPED_HALF_PAIR = /^\\ud[89a-f]/

/** Text that every database takes: NUL becomes its visible sign, half a surrogate pair the replacement character. */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', NUL_SIGN) : wellFormed
}

/** JSON text of which the same holds. Throws what `JSON.stringify` cannot write. */
export function cleanJson(value: unknown): string {
  const json = JSON.stringify(value)
  // `JSON.stringify` escapes NUL and half pairs, and few other characters, so most texts end here.
  return json.includes(UNICODE_ESCAPE) ? json.replaceAll(ESCAPE, cleanEscape) : json
}

/** What a question is asked with: a text with NUL is looked for as it is stored. */
export function cleanParameters(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => (typeof value === 'string' ? cleanText(value) : value))
}

function cleanEscape(escape: string): string {
  if (escape === ESCAPED_NUL) return NUL_SIGN
  return ESCAPED_HALF_PAIR.test(escape) ? '\uFFFD' : escape
}
