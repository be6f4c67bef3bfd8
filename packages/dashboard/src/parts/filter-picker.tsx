import type { Breakdown } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useQuery } from '../api/use-query.ts'
import { formatCompact } from '../format/numbers.ts'
import { FILTER_LABELS, FILTER_NAMES, valueLabel } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

/** Picks a filter, then its values; typing `model:gpt-5` and Enter does both. */
export function FilterPicker({ close }: { readonly close: () => void }): JSX.Element {
  const [name, setName] = useState<string>()
  const [text, setText] = useState('')
  const { route, change } = useView()

  const toggle = (filter: string, value: string): void => {
    const now = route.parameters.getAll(filter)
    change({ [filter]: now.includes(value) ? now.filter((other) => other !== value) : [...now, value], cursor: null })
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const typed = parseFilter(name === undefined ? text : `${name}:${text}`)
    if (typed === undefined) return
    toggle(typed.name, typed.value)
    close()
  }
  return (
    <>
      <form onSubmit={submit}>
        <label class="field">
          {name === undefined ? 'Filter by (or type model:gpt-5)' : `${FILTER_LABELS[name]} is`}
          <input
            type="search"
            value={text}
            autocomplete="off"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </form>
      {name === undefined ? (
        <ul class="option-list is-tall">
          {FILTER_NAMES.filter((option) => matches(FILTER_LABELS[option] ?? option, text)).map((option) => (
            <li key={option}>
              <button
                type="button"
                onClick={() => {
                  setName(option)
                  setText('')
                }}
              >
                {FILTER_LABELS[option]}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <FilterValues name={name} text={text} toggle={toggle} />
      )}
    </>
  )
}

interface FilterValuesProps {
  readonly name: string
  readonly text: string
  readonly toggle: (name: string, value: string) => void
}

// Only values that the other filters leave calls for.
function FilterValues({ name, text, toggle }: FilterValuesProps): JSX.Element {
  const { query, route } = useView()
  const others = new URLSearchParams([...query].filter(([filter]) => filter !== name))
  const grouping = name === 'usedTool' ? 'tool' : name
  const { data, error } = useQuery<Breakdown>(`/api/ai-usage/breakdown?${others}&groupBy=${grouping}&limit=100`)
  const chosen = route.parameters.getAll(name)
  if (data === undefined) return <p class="muted">{error === undefined ? 'Loading values…' : error.message}</p>
  const rows = data.rows.filter(
    ({ key, toolCalls }) => matches(valueLabel(key), text) && (grouping !== 'tool' || toolCalls > 0),
  )
  if (rows.length === 0)
    return <p class="muted">{text === '' ? 'No values in this time range.' : 'Press Enter to add this value.'}</p>
  return (
    <ul class="option-list is-tall">
      {rows.map((row) => (
        <li key={row.key}>
          <label class="option">
            <input
              type="checkbox"
              checked={chosen.includes(row.key ?? '')}
              onChange={() => toggle(name, row.key ?? '')}
            />
            <span class="option-name">{valueLabel(row.label ?? row.key)}</span>
            <span class="muted">{formatCompact(Math.max(row.calls, row.toolCalls))}</span>
          </label>
        </li>
      ))}
    </ul>
  )
}

function parseFilter(text: string): { readonly name: string; readonly value: string } | undefined {
  const colon = text.indexOf(':')
  const typed = text.slice(0, colon).trim().toLowerCase()
  const name = FILTER_NAMES.find((option) => option.toLowerCase() === typed)
  return colon === -1 || name === undefined ? undefined : { name, value: text.slice(colon + 1).trim() }
}

function matches(label: string, text: string): boolean {
  return label.toLowerCase().includes(text.trim().toLowerCase())
}
