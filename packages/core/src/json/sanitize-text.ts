/**
 * Makes a text acceptable to every store: lone surrogates become U+FFFD, and NUL becomes U+2400 (Postgres rejects both,
 * SQLite stops reading at a NUL). The length stays the same.
 */
export function sanitizeText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\u2400') : wellFormed
}
