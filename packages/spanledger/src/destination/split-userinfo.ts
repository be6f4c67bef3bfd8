/** A URL without user and password, and the header that replaces them. */
export interface OpenAddress {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Moves `user:password@` of a URL to a header: `fetch` refuses it in the URL, and shows it in its error. */
export function splitUserinfo(url: string): OpenAddress {
  if (!hasUserinfo(url)) return { url, headers: {} }
  const address = new URL(url)
  const userinfo = `${decoded(address.username)}:${decoded(address.password)}`
  address.username = ''
  address.password = ''
  return { url: address.href, headers: { authorization: `Basic ${Buffer.from(userinfo).toString('base64')}` } }
}

/** Whether a URL contains a user or a password. False for text that is not a URL. */
export function hasUserinfo(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

/** Replaces user and password in every URL of a text with `…`. */
export function hidePasswords(text: string): string {
  return text.replaceAll(/\/\/[^\s/]*@/g, '//…@')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
