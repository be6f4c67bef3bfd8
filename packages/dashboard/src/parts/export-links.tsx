import type { JSX } from 'preact'
import { hasToken, send } from '../api/request.ts'
import { Icon } from './icon.tsx'

interface TableLinkProps {
  /** The path of the table in the API. */
  readonly path: string
  readonly query: URLSearchParams
  /** Of the file, without its ending. */
  readonly name: string
}

/** A download of the table on screen, with all its rows. */
export function TableExport({ path, query, name }: TableLinkProps): JSX.Element {
  const url = `${path}?${new URLSearchParams([...query, ['format', 'csv']])}`
  return <FileLink url={url} name={`${name}.csv`} label="CSV" note=" export of this table" />
}

/** Downloads of all matching calls, not only those of this page. CSV holds billable calls, unless a kind is chosen. */
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
  return (
    <FileLink url={url} name={`calls.${format}`} label={format.toUpperCase()} note=" export of all matching calls" />
  )
}

interface FileLinkProps {
  readonly url: string
  readonly name: string
  readonly label: string
  readonly note: string
}

function FileLink({ url, name, label, note }: FileLinkProps): JSX.Element {
  const fetchFirst = (event: MouseEvent): void => {
    if (!hasToken()) return
    event.preventDefault()
    void saveWithToken(url, name)
  }
  return (
    <a class="button" href={url} download={name} onClick={fetchFirst}>
      <Icon name="download" />
      {label}
      <span class="sr-only">{note}</span>
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
