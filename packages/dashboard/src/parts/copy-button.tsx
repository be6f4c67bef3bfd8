import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

interface CopyButtonProps {
  readonly label: string
  readonly text: () => string
}

/** Copies a text, and says so. Browsers allow it over HTTPS and on localhost only. */
export function CopyButton({ label, text }: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text())
      setOutcome('Copied')
    } catch {
      // The reader sees it, and can select the text instead.
      setOutcome('The browser did not allow copying')
    }
  }
  return (
    <>
      <button type="button" class="button" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class="muted copied">
        {outcome}
      </span>
    </>
  )
}
