const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

// Matches nearly every id.
const ORDINARY = /^[1-9a-f][0-9a-f]+$/

/**
 * An id as lower-case hex; undefined if it is invalid or all zero. OTLP/JSON uses hex. Some senders use base64, as
 * protobuf JSON does elsewhere; the length tells them apart.
 */
export function hexIdOf(value: unknown, byteLength: 8 | 16): string | undefined {
  if (typeof value !== 'string' || value.length > 32) return undefined
  if (value.length === byteLength * 2 && ORDINARY.test(value)) return value
  const hex = value.length === byteLength * 2 ? value.toLowerCase() : hexOfBase64(value, byteLength)
  return hex !== undefined && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex) ? hex : undefined
}

function hexOfBase64(value: string, byteLength: number): string | undefined {
  const digits = value
    .replace(/={0,2}$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  if (digits.length !== Math.ceil((byteLength * 4) / 3)) return undefined
  let bits = ''
  for (const digit of digits) {
    const index = BASE64.indexOf(digit)
    if (index < 0) return undefined
    bits += index.toString(2).padStart(6, '0')
  }
  return (bits.slice(0, byteLength * 8).match(/.{4}/g) ?? [])
    .map((nibble) => Number.parseInt(nibble, 2).toString(16))
    .join('')
}
