import { BASE62, classesAt, DIGIT, DOTTED, endOf, hasDigits, HEX, WORD } from './character-classes.ts'
import type { Finding, SearchedText } from './searched-text.ts'

const MAX_BASIC_LENGTH = 512

/** A credential without a prefix, known by its shape or by the word before it. Looks at the start of the row only. */
export function findShapedToken(searched: SearchedText, start: number, end: number): Finding | undefined {
  const { text } = searched
  if (text[start - 1] === ' ') {
    if (follows(text, start, 'earer ')) return bearerToken(text, start, end)
    if (follows(text, start, 'asic ')) return basicCredentials(text, start, end)
  }
  const first = text.charCodeAt(start)
  // Bot tokens of Discord start with a user id in base64, so with M, N or O.
  if (first >= 77 && first <= 79) return discordToken(searched, start, end)
  if (text[start + 32] === '-') return mailToken(text, start)
  if (text[start + 4] === 'Q' && text[start + 5] === '~') return azureSecret(text, start, end)
  return undefined
}

function follows(text: string, start: number, word: string): boolean {
  return text.startsWith(word, start - word.length)
}

function bearerToken(text: string, start: number, end: number): Finding | undefined {
  return hasDigits(text, start, end, 1) ? { start, end: withPadding(text, end), label: 'bearer_token' } : undefined
}

/** `user:password` in base64 has capitals, small letters and a digit or padding; a word after "basic" has not. */
function basicCredentials(text: string, start: number, end: number): Finding | undefined {
  const padded = withPadding(text, end)
  const value = text.slice(start, Math.min(end, start + MAX_BASIC_LENGTH))
  const isEncoded = /[a-z]/.test(value) && /[A-Z]/.test(value) && (padded > end || /[0-9]/.test(value))
  return isEncoded ? { start, end: padded, label: 'basic_credentials' } : undefined
}

/** The `=` at the end of base64. */
export function withPadding(text: string, end: number): number {
  let padded = end
  while (padded < end + 2 && text[padded] === '=') padded += 1
  return padded
}

/** User id, time stamp (6 characters) and signature (27 or more), with a full stop in between. */
function discordToken(searched: SearchedText, start: number, end: number): Finding | undefined {
  const { text, cutAt } = searched
  for (let dot = start + 23; dot <= start + 28 && dot < end; dot += 1) {
    if (text[dot] !== '.') continue
    if (text[dot + 7] !== '.' || !hasDigits(text, start, dot, 1)) return undefined
    const tokenEnd = endOf(text, dot + 8, WORD)
    const isLong = tokenEnd - dot - 8 >= (tokenEnd === cutAt ? 8 : 27)
    return isLong ? { start, end: tokenEnd, label: 'discord_token' } : undefined
  }
  return undefined
}

/** Mailgun: 32, 8 and 8 hex digits. Mailchimp: 32 hex digits and the data centre, such as `us12`. */
function mailToken(text: string, start: number): Finding | undefined {
  if (endOf(text, start, HEX) !== start + 32) return undefined
  const mailchimpEnd = endOf(text, start + 35, DIGIT)
  if (text.startsWith('us', start + 33) && mailchimpEnd > start + 35) {
    return { start, end: mailchimpEnd, label: 'mailchimp_key' }
  }
  const isMailgun =
    text[start + 41] === '-' &&
    endOf(text, start + 33, HEX) === start + 41 &&
    endOf(text, start + 42, HEX) === start + 50 &&
    (classesAt(text, start + 50) & BASE62) === 0
  return isMailgun ? { start, end: start + 50, label: 'mailgun_key' } : undefined
}

/** A client secret of Microsoft Entra: three characters, a digit, `Q~`, 31 to 34 more. */
function azureSecret(text: string, start: number, end: number): Finding | undefined {
  const isSecret =
    (classesAt(text, start + 3) & DIGIT) !== 0 && end - start >= 37 && end - start <= 41 && isDottedOrTilde(text, start, end)
  return isSecret ? { start, end, label: 'azure_client_secret' } : undefined
}

function isDottedOrTilde(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if ((classesAt(text, at) & DOTTED) === 0 && text[at] !== '~') return false
  }
  return true
}
