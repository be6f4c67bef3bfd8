import { classesAt, DIGIT } from './character-classes.ts'
import type { Finding, SearchedText } from './searched-text.ts'

const MAX_AUTHORITY_LENGTH = 1_024
const URL_END = new Set([...' \t\r\n"\'`<>\\/?#'].map((character) => character.charCodeAt(0)))

/** The password of `scheme://user:password@host`; `start` is the index behind `://`. */
export function findUrlPassword({ text, cutAt }: SearchedText, start: number): Finding | undefined {
  let colon = -1
  let at = -1
  let end = start
  const last = Math.min(text.length, start + MAX_AUTHORITY_LENGTH)
  for (; end < last && end !== cutAt; end += 1) {
    const code = text.charCodeAt(end)
    if (URL_END.has(code)) break
    if (code === 0x3a && colon < 0) colon = end
    if (code === 0x40) at = end
  }
  if (colon < 0) return undefined
  // Cut before the host: what follows the colon is a port only if it is a number.
  const passwordEnd = at < 0 && end === cutAt && !isPort(text, colon + 1, end) ? end : at
  if (passwordEnd <= colon + 1 || isPlaceholder(text, colon + 1)) return undefined
  return { start: colon + 1, end: passwordEnd, label: 'url_password' }
}

function isPort(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((classesAt(text, at) & DIGIT) === 0) return false
  return true
}

/** A template for a URL, or a password that is redacted already. */
function isPlaceholder(text: string, start: number): boolean {
  return text[start] === '{' || text.startsWith('${', start) || text.startsWith('[redacted:', start)
}
