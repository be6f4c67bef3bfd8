import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useView } from '../view/view.tsx'
import { Icon } from './icon.tsx'

interface SearchFieldProps {
  readonly label: string
  readonly placeholder: string
  readonly class?: string
}

// As long as a reader pauses between two letters.
const SETTLE_MS = 250

/** Searches while it is typed in. The text is `q` in the URL; the back button leaves the search as a whole. */
export function SearchField({ label, placeholder, class: className = '' }: SearchFieldProps): JSX.Element {
  const { route, change } = useView()
  const asked = route.parameters.get('q') ?? ''
  const [text, setText] = useState(asked)
  const sent = useRef(asked)

  const send = (): void => {
    const q = text.trim()
    if (q === sent.current) return
    const isFirst = sent.current === ''
    sent.current = q
    change({ q: q === '' ? null : q, cursor: null }, { replace: !isFirst })
  }
  useEffect(() => {
    const timer = setTimeout(send, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  // A link or the back button changed it. What was typed since it was sent must stay.
  useEffect(() => {
    if (asked === sent.current) return
    sent.current = asked
    setText(asked)
  }, [asked])

  return (
    <form
      class={`search ${className}`}
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        name="q"
        autocomplete="off"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  )
}
