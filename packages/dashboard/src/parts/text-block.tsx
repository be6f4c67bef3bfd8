import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { toMarkdown, useMarkdown } from './markdown-text.tsx'

const LONG = 1_200

interface TextBlockProps {
  /** A text, or a JSON value that is shown as JSON. */
  readonly text: unknown
  readonly name: string
  /** What somebody said, which may have Markdown in it; anything else is shown as it is. */
  readonly isMarkdown?: boolean
}

/** Untrusted text: no links and no images, because an address in a model's answer could leak the prompt. */
export function TextBlock({ text, name, isMarkdown = false }: TextBlockProps): JSX.Element {
  const [isWhole, showWhole] = useState(false)
  const lexer = useMarkdown()
  if (text === null || text === undefined || text === '') return <p class="muted">Not stored.</p>
  const whole = typeof text === 'string' ? (prettyJson(text) ?? text) : JSON.stringify(text, null, 2)
  const isLong = whole.length > LONG
  const shown = isLong && !isWhole ? `${whole.slice(0, LONG)}…` : whole
  const isSaid = isMarkdown && lexer !== undefined && whole === text
  return (
    <div class="text-block">
      {(isSaid ? toMarkdown(shown, lexer) : undefined) ?? (
        <pre tabIndex={0} role="region" aria-label={name}>
          {shown}
        </pre>
      )}
      {isLong && (
        <button type="button" class="link-button" aria-expanded={isWhole} onClick={() => showWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${whole.length.toLocaleString('en-US')} characters`}
        </button>
      )}
    </div>
  )
}

// Arguments often come as JSON in a text; anything else stays as it was said.
function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return undefined
  }
}
