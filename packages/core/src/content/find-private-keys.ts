import { BASE62, classesAt } from './character-classes.ts'
import type { Finding, SearchedText } from './searched-text.ts'

const BEGIN = '-----BEGIN'
const FENCE = '-----'
const MAX_TITLE_LENGTH = 48
// The lines of a key, its headers, and line ends that JSON escaped.
const BODY = new Set([...' \t\r\n\\+/=:,-'].map((character) => character.charCodeAt(0)))

/** Finds PEM private keys, whole or cut; certificates and public keys stay. */
export function findPrivateKeys({ text }: SearchedText, findings: Finding[]): void {
  let start = text.indexOf(BEGIN)
  while (start >= 0) {
    const titleEnd = titleEndOf(text, start + BEGIN.length)
    const isPrivate = titleEnd > 0 && text.slice(start, titleEnd).includes('PRIVATE KEY')
    const end = isPrivate ? keyEnd(text, titleEnd + FENCE.length) : start + BEGIN.length
    if (isPrivate) findings.push({ start, end, label: 'private_key' })
    start = text.indexOf(BEGIN, end)
  }
}

/** Where the dashes behind the title start, or -1. */
function titleEndOf(text: string, start: number): number {
  const end = text.slice(start, start + MAX_TITLE_LENGTH).indexOf(FENCE)
  return end < 0 ? -1 : start + end
}

function keyEnd(text: string, start: number): number {
  let end = start
  while (isBody(text, end)) {
    if (text.charCodeAt(end) === 0x2d && text.startsWith(FENCE, end)) return fenceEnd(text, end)
    end += 1
  }
  return end
}

function isBody(text: string, at: number): boolean {
  return (classesAt(text, at) & BASE62) !== 0 || BODY.has(text.charCodeAt(at))
}

/** Behind `-----END … PRIVATE KEY-----`; before a block of another kind. */
function fenceEnd(text: string, start: number): number {
  if (!text.startsWith('-----END', start)) return start
  const titleEnd = titleEndOf(text, start + FENCE.length)
  return titleEnd < 0 ? start : titleEnd + FENCE.length
}
