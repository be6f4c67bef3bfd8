import type { ComponentChildren, JSX } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

interface PopoverProps {
  readonly label: ComponentChildren
  readonly name: string
  readonly icon: IconName
  /** The key that opens it, as `data-key` for the keyboard of the page. */
  readonly shortcut?: string
  readonly children: (close: () => void) => ComponentChildren
}

/** A button with a panel below it. Escape, a click outside and tabbing out close the panel. */
export function Popover({ label, name, icon, shortcut, children }: PopoverProps): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()

  // Before the next key is pressed: a letter that is typed at once belongs to the field of the panel.
  useLayoutEffect(() => {
    if (!isOpen) return undefined
    const panel = root.current?.querySelector<HTMLElement>('.popover-panel')
    const first =
      panel?.querySelector<HTMLElement>('[data-first]') ?? panel?.querySelector<HTMLElement>('input, button, a, select')
    first?.focus()
    const leave = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('focusin', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('focusin', leave)
    }
  }, [isOpen])

  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  const closeOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return
    event.stopPropagation()
    close()
  }
  return (
    <div class="popover" ref={root} onKeyDown={closeOnEscape}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-haspopup="dialog"
        data-key={shortcut}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
        <span class="sr-only">{name}: </span>
        <span class="popover-label">{label}</span>
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class="popover-panel" id={id} role="dialog" aria-label={name}>
          {children(close)}
        </div>
      )}
    </div>
  )
}
