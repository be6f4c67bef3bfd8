import type { ComponentChildren, JSX } from 'preact'

/** A line of a list of the largest. */
export interface BarLine {
  readonly key: string
  readonly name: ComponentChildren
  readonly href: string
  readonly value: ComponentChildren
  readonly note: string
  /** What the bar's length stands for; null draws none. */
  readonly size: number | null
}

/** The largest of something, each with a bar behind its name. */
export function BarList({ lines, label }: { readonly lines: readonly BarLine[]; readonly label: string }): JSX.Element {
  const largest = Math.max(...lines.map(({ size }) => size ?? 0), 0)
  return (
    <ul class="bar-list" aria-label={label}>
      {lines.map(({ key, name, href, value, note, size }) => (
        <li key={key}>
          <a href={href}>
            <svg class="bar-list-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={largest === 0 || size === null ? 0 : Math.max((size / largest) * 100, 0.5)} height="1" />
            </svg>
            <span class="bar-list-name">{name}</span>
            <span class="bar-list-note">{note}</span>
            <span class="bar-list-value">{value}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
