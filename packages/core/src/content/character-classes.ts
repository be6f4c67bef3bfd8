/** Bits that say which alphabets of credentials an ASCII character belongs to. */
export const BASE62 = 1
export const WORD = 2
export const DOTTED = 4
/** Characters that stand inside credentials; everything else ends one. */
export const RUN = 8
export const HEX = 16
export const UPPER = 32
export const DIGIT = 64
/** What ends an unquoted value in prose, code, headers and connection strings. */
export const VALUE_END = 128
/** What ends a value in a URL or connection string. */
export const PARAMETER_END = 256

const DIGIT_WINDOW = 32

const TABLE = new Uint16Array(128)
mark('abcdefghijklmnopqrstuvwxyz', BASE62 | WORD | DOTTED | RUN)
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', BASE62 | WORD | DOTTED | RUN | UPPER)
mark('0123456789', BASE62 | WORD | DOTTED | RUN | HEX | UPPER | DIGIT)
mark('abcdef', HEX)
mark('-_', WORD | DOTTED | RUN)
mark('.', DOTTED | RUN)
mark('/+~', RUN)
mark(' \t\r\n"\'`\\;&<>', PARAMETER_END)
mark(' \t\r\n"\'`\\,;&<>(){}[]|', VALUE_END)

/** The bits of the character at an index; 0 outside ASCII and outside the text. */
export function classesAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  // NaN, outside the text, is not below 128 either.
  return code < 128 ? (TABLE[code] ?? 0) : 0
}

/** The first index from `start` on whose character is not of the class. */
export function endOf(text: string, start: number, characterClass: number): number {
  let end = start
  while ((classesAt(text, end) & characterClass) !== 0) end += 1
  return end
}

/** Whether at least `count` digits are among the first 32 characters; a bounded look keeps the search linear. */
export function hasDigits(text: string, start: number, end: number, count: number): boolean {
  let missing = count
  const last = Math.min(end, start + DIGIT_WINDOW)
  for (let at = start; at < last && missing > 0; at += 1) if ((classesAt(text, at) & DIGIT) !== 0) missing -= 1
  return missing <= 0
}

function mark(characters: string, bits: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    TABLE[code] = (TABLE[code] ?? 0) | bits
  }
}
