import type { ComponentChildren, JSX } from 'preact'

interface PageHeadProps {
  readonly title: ComponentChildren
  readonly children?: ComponentChildren
}

/** The title of a page, and its actions. */
export function PageHead({ title, children }: PageHeadProps): JSX.Element {
  return (
    <div class="page-head">
      <h1>{title}</h1>
      {children !== undefined && <div class="row">{children}</div>}
    </div>
  )
}
