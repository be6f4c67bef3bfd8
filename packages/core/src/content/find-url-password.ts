import type { Finding, SearchedText } from './searched-text.ts'

// Authority of a URL; a password may hold `@` and `:`, but none of these unescaped.
const AUTHORITY = /[^\s"'`<>\\/?#…]{1,1024}/y
const PLACEHOLDER = /^(?:\$?\{|\[redacted:)/

/** The password of `scheme://user:password@host`; `start` is the index behind `://`. */
export function findUrlPassword({ text, cutAt }: SearchedText, start: number): Finding | undefined {
  AUTHORITY.lastIndex = start
  const authority = AUTHORITY.exec(text)?.[0] ?? ''
  const colon = authority.indexOf(':')
  if (colon < 0) return undefined
  const at = authority.lastIndexOf('@')
  // Cut before the host: what follows the colon is a port only if it is a number.
  const isCut = at < 0 && start + authority.length === cutAt && /\D/.test(authority.slice(colon + 1))
  const end = isCut ? authority.length : at
  // A template holds no password, and a redacted one need not be redacted again.
  if (end <= colon + 1 || PLACEHOLDER.test(authority.slice(colon + 1))) return undefined
  return { start: start + colon + 1, end: start + end, label: 'url_password' }
}
