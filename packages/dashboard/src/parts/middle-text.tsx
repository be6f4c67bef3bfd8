import type { JSX } from 'preact'

const TAIL = 8
// A shorter text is not worth cutting in its middle: the end alone would be most of it.
const LONG = 14

/** A text that gives way in its middle where there is no room: ids and addresses differ at both ends. All of it is its tooltip. */
export function MiddleText({ text, title = text }: { readonly text: string; readonly title?: string }): JSX.Element {
  const cut = text.length < LONG ? text.length : tailStart(text)
  return (
    <span class="middle" title={title}>
      <span class="middle-head">{text.slice(0, cut)}</span>
      {cut < text.length && <span>{text.slice(cut)}</span>}
    </span>
  )
}

// Not between the two halves of one character.
function tailStart(text: string): number {
  const start = text.length - TAIL
  return /[\uDC00-\uDFFF]/.test(text.charAt(start)) ? start - 1 : start
}
