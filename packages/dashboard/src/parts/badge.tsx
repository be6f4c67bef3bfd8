import type { JSX } from 'preact'

const STATUS_TEXTS: Readonly<Record<string, string>> = {
  ok: 'OK',
  error: 'Error',
  aborted: 'Aborted',
  abandoned: 'Abandoned',
  crashed: 'Crashed',
  open: 'Open',
}

/** How a call ended, in a word and a colour. */
export function StatusBadge({
  status,
  title,
}: {
  readonly status: string
  readonly title?: string | null
}): JSX.Element {
  return (
    <span class={`badge badge-${status}`} title={title ?? undefined}>
      {STATUS_TEXTS[status] ?? status}
    </span>
  )
}

/** What a call is. */
export function KindBadge({ kind }: { readonly kind: string }): JSX.Element {
  return <span class={`kind kind-${kind}`}>{kind}</span>
}
