// Control characters and those that change the text direction: a user id must not move the cursor of a terminal.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g

/** Untrusted text made safe for one line of a terminal, cut to a length. */
export function printable(text: string, maxLength = 200): string {
  // Cut first: the text may have megabytes.
  const clean = text
    .slice(0, maxLength * 4)
    .toWellFormed()
    .replace(UNPRINTABLE, ' ')
    .trim()
  const characters = Array.from(clean)
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : clean
}
