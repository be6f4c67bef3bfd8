import type { JSX } from 'preact'
import { hasToken, send } from '../api/request.ts'
import { Icon } from './icon.tsx'

/** Downloads of all matching calls, not only those of this page. */
export function ExportLinks({ query }: { readonly query: URLSearchParams }): JSX.Element {
  return (
    <span class="row">
      {(['csv', 'jsonl'] as const).map((format) => (
        <ExportLink key={format} query={query} format={format} />
      ))}
    </span>
  )
}

function ExportLink({
  query,
  format,
}: {
  readonly query: URLSearchParams
  readonly format: 'csv' | 'jsonl'
}): JSX.Element {
  const url = `/api/calls?${new URLSearchParams([...query, ['format', format]])}`
  const name = `calls.${format}`
  const fetchFirst = (event: MouseEvent): void => {
    if (!hasToken()) return
    event.preventDefault()
    void saveWithToken(url, name)
  }
  return (
    <a class="button" href={url} download={name} onClick={fetchFirst}>
      <Icon name="download" />
      {format.toUpperCase()}
      <span class="sr-only"> export of all matching calls</span>
    </a>
  )
}

// A link cannot carry a token, so the page fetches the file and hands it to the browser.
async function saveWithToken(url: string, name: string): Promise<void> {
  const file = URL.createObjectURL(await (await send(url)).blob())
  const link = Object.assign(document.createElement('a'), { href: file, download: name })
  link.click()
  URL.revokeObjectURL(file)
}
