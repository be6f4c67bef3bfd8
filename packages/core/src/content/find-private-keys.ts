import type { Finding, SearchedText } from './searched-text.ts'

const BEGIN = '-----BEGIN'
const TITLE = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY[A-Z ]{0,8}-----/y
// The lines of a key, its headers, and line breaks escaped by JSON.
const BODY = /(?:[\w\s+/=:,]|\\{1,4}[nrt]|-(?!----))*/y
const END = /-----END [A-Z0-9 ]{0,48}-----/y

/** Finds PEM private keys, whole or cut; certificates and public keys are kept. */
export function findPrivateKeys({ text }: SearchedText, findings: Finding[]): void {
  let start = text.indexOf(BEGIN)
  while (start >= 0) {
    const titleEnd = endOf(TITLE, text, start)
    let end = start + BEGIN.length
    if (titleEnd > start) {
      end = endOf(END, text, endOf(BODY, text, titleEnd))
      findings.push({ start, end, label: 'private_key' })
    }
    start = text.indexOf(BEGIN, end)
  }
}

/** Index where a sticky expression stops matching; `at` if it does not match. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : at
}
