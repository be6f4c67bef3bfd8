import { sanitizeText } from './sanitize-text.ts'

/** Marks where something was cut. */
export const ELLIPSIS = '…'

// Real graphemes are at most a few dozen code units long. One longer than this window is an attack and is cut between
// two code points.
const WINDOW = 256

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The start of a text, at most `maxLength` UTF-16 units including the ellipsis. Never splits a grapheme; the result is
 * sanitized and therefore well-formed.
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return sanitizeText(text)
  if (!(maxLength >= 1)) return ''
  const end = graphemeBoundary(text, Math.floor(maxLength) - ELLIPSIS.length)
  return sanitizeText(text.slice(0, end)) + ELLIPSIS
}

/** The last grapheme boundary at or before `limit`. Reads only the text near `limit`. */
function graphemeBoundary(text: string, limit: number): number {
  if (limit <= 0) return 0
  if (isPlain(text.charCodeAt(limit - 1)) && isPlain(text.charCodeAt(limit))) return limit
  const start = windowStart(text, limit)
  // A boundary depends on the text before it and on one code point after it.
  // Sanitized, because a combining mark attaches to U+FFFD but not to the lone surrogate it replaces.
  const window = sanitizeText(text.slice(start, limit + 2))
  const index = graphemes.segment(window).containing(limit - start)?.index ?? 0
  if (index > 0 || start === 0) return start + index
  return isLowSurrogate(text.charCodeAt(limit)) && isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit
}

function windowStart(text: string, limit: number): number {
  let start = Math.max(0, limit - WINDOW)
  if (start > 0 && isLowSurrogate(text.charCodeAt(start))) start -= 1
  // Flags are pairs of regional indicators; only from the start of the run is it clear which two form a pair.
  while (start > 1 && isRegionalIndicator(text.codePointAt(start))) start -= 2
  return start
}

/** There is always a boundary between two printable ASCII characters. */
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
