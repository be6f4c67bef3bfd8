const NUL_SYMBOL = '\u2400'
const UNICODE_ESCAPE = '\\u'

// Matches every escape, so that the second half of an escaped backslash never starts another.
const ESCAPE = /\\(?:u[\da-f]{4}|.)/g
const ESCAPED_NUL = '\\u0000'
const ESCAPED_LONE_SURROGATE = /^\\ud[89a-f]/

/** Text that every database accepts: NUL becomes its visible symbol, a lone surrogate the replacement character. */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', NUL_SYMBOL) : wellFormed
}

/** JSON text that every database accepts. Throws if `JSON.stringify` cannot write the value. */
export function cleanJson(value: unknown): string {
  const json = JSON.stringify(value)
  // `JSON.stringify` escapes NUL and lone surrogates, and few other characters, so most texts have no escape.
  return json.includes(UNICODE_ESCAPE) ? json.replaceAll(ESCAPE, cleanEscape) : json
}

/** The parameters of a query, with texts cleaned as they are when stored. */
export function cleanParameters(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => (typeof value === 'string' ? cleanText(value) : value))
}

function cleanEscape(escape: string): string {
  if (escape === ESCAPED_NUL) return NUL_SYMBOL
  return ESCAPED_LONE_SURROGATE.test(escape) ? '\uFFFD' : escape
}
