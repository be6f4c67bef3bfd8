import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface CardProps {
  readonly title: string
  readonly actions?: ComponentChildren
  readonly hint?: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}

/** A titled part of a page. */
export function Card({ title, actions, hint, class: className = '', children }: CardProps): JSX.Element {
  const id = useId()
  return (
    <section class={`card ${className}`} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id}>{title}</h2>
        {hint !== undefined && <span class="card-hint">{hint}</span>}
        {actions !== undefined && <div class="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}

/** A fact and its name, as in a list of facts. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
