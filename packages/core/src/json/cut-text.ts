import { sanitizeText } from './sanitize-text.ts'

/** Stands where something was cut away. */
export const ELLIPSIS = '…'

// Real graphemes are at most a few dozen code units long. One that is longer than this window is not writing but an
// attack, and is cut between two code points.
const WINDOW = 256

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The start of a text, at most `maxLength` UTF-16 units with the ellipsis that says that something was cut.
 * Never splits a grapheme; the result is sanitized, so it is well-formed whatever came in.
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return sanitizeText(text)
  if (!(maxLength >= 1)) return ''
  const end = graphemeBoundary(text, Math.floor(maxLength) - ELLIPSIS.length)
  return sanitizeText(text.slice(0, end)) + ELLIPSIS
}

/** The last grapheme boundary at or before `limit`; looks at the text near `limit` only. */
function graphemeBoundary(text: string, limit: number): number {
  if (limit <= 0) return 0
  if (isPlain(text.charCodeAt(limit - 1)) && isPlain(text.charCodeAt(limit))) return limit
  const start = windowStart(text, limit)
  // A boundary depends on what stands before it and on one code point after it.
  // Sanitized, because a combining mark joins U+FFFD but not the lone surrogate that was there.
  const window = sanitizeText(text.slice(start, limit + 2))
  const index = graphemes.segment(window).containing(limit - start)?.index ?? 0
  if (index > 0 || start === 0) return start + index
  return isLowSurrogate(text.charCodeAt(limit)) && isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit
}

function windowStart(text: string, limit: number): number {
  let start = Math.max(0, limit - WINDOW)
  if (start > 0 && isLowSurrogate(text.charCodeAt(start))) start -= 1
  // Flags are pairs of regional indicators; only from the start of the row can one tell which two belong together.
  while (start > 1 && isRegionalIndicator(text.codePointAt(start))) start -= 2
  return start
}

/** Between two printable ASCII characters there is always a boundary. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}

function isRegionalIndicator(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff
}
