import type { Finding, SearchedText } from './searched-text.ts'

// Authority of a URL. A password may contain `@` and `:`, but these characters only if escaped.
const AUTHORITY = /[^\s"'`<>\\/?#…]{1,1024}/y

/** Finds the password in `scheme://user:password@host`; `start` is the index after `://`. */
export function findUrlPassword({ text, cutAt }: SearchedText, start: number): Finding | undefined {
  AUTHORITY.lastIndex = start
  const authorityEnd = AUTHORITY.test(text) ? AUTHORITY.lastIndex : start
  const colon = text.indexOf(':', start)
  if (colon < start || colon >= authorityEnd) return undefined
  const at = text.lastIndexOf('@', authorityEnd - 1)
  // Cut before the host: what follows the colon is a port only if it is a number.
  const isCut = at < start && authorityEnd === cutAt && /\D/.test(text.slice(colon + 1, authorityEnd))
  const end = isCut ? authorityEnd : at
  // Skips templates and passwords that are already redacted.
  const isPlaceholder = text[colon + 1] === '{' || text.startsWith('${', colon + 1)
  if (end <= colon + 1 || isPlaceholder || text.startsWith('[redacted:', colon + 1)) return undefined
  return { start: colon + 1, end, label: 'url_password' }
}
