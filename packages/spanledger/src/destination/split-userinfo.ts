/** An address that can be asked and shown, and the header that stands for what was taken out of it. */
export interface OpenAddress {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Takes `user:password@` out of an address: `fetch` refuses it there, and names it in its error. */
export function splitUserinfo(url: string): OpenAddress {
  if (!hasUserinfo(url)) return { url, headers: {} }
  const address = new URL(url)
  const userinfo = `${decoded(address.username)}:${decoded(address.password)}`
  address.username = ''
  address.password = ''
  return { url: address.href, headers: { authorization: `Basic ${Buffer.from(userinfo).toString('base64')}` } }
}

/** Whether an address has a user or a password in it. False for what is no address. */
export function hasUserinfo(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

/** A text as it may be shown, whatever addresses are in it. */
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
