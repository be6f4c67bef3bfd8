import type { Breakdown } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type Query, useQuery } from '../api/use-query.ts'
import { formatCompact } from '../format/numbers.ts'
import { FILTER_LABELS, FILTER_NAMES, valueLabel } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

/** Picks a filter, then its values. Enter takes the first of what is listed; typing `model:gpt-5` and Enter does both. */
export function FilterPicker({ close }: { readonly close: () => void }): JSX.Element {
  const [name, setName] = useState<string>()
  const [text, setText] = useState('')
  const { route, change } = useView()
  const values = useValues(name)
  const names = FILTER_NAMES.filter((option) => matches(FILTER_LABELS[option] ?? option, text))
  const rows = values.data?.rows.filter(
    ({ key, label, toolCalls }) =>
      matches(valueLabel(label ?? key), text) && (groupingOf(name) !== 'tool' || toolCalls > 0),
  )

  const toggle = (filter: string, value: string): void => {
    const now = route.parameters.getAll(filter)
    change({ [filter]: now.includes(value) ? now.filter((other) => other !== value) : [...now, value], cursor: null })
  }
  const choose = (filter: string): void => {
    setName(filter)
    setText('')
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const typed = name === undefined ? parseFilter(text) : { name, value: valueOf(text, rows) }
    const [first] = names
    if (typed !== undefined && typed.value !== undefined) {
      toggle(typed.name, typed.value)
      close()
    } else if (name === undefined && first !== undefined) choose(first)
  }
  return (
    <div onKeyDown={walkOptions}>
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
          {names.map((option) => (
            <li key={option}>
              <button type="button" onClick={() => choose(option)}>
                {FILTER_LABELS[option]}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <FilterValues name={name} rows={rows} error={values.error} text={text} toggle={toggle} />
      )}
    </div>
  )
}

// Only values that the other filters leave calls for.
function useValues(name: string | undefined): Query<Breakdown> {
  const { query } = useView()
  const others = new URLSearchParams([...query].filter(([filter]) => filter !== name))
  return useQuery<Breakdown>(
    name === undefined ? undefined : `/api/ai-usage/breakdown?${others}&groupBy=${groupingOf(name)}&limit=100`,
  )
}

function groupingOf(name: string | undefined): string | undefined {
  return name === 'usedTool' ? 'tool' : name
}

// What was typed, if it is a value; else the first value that has it in it; else what was typed all the same.
function valueOf(text: string, rows: Breakdown['rows'] = []): string | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  const exact = rows.find(({ key, label }) => key === typed || label === typed)
  return (exact ?? rows[0])?.key ?? typed
}

// The arrows go from the field through the list; a letter that is typed in the list goes on in the field.
function walkOptions(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('form input, .option-list :is(button, input)')]
  const place = stops.findIndex((stop) => stop === document.activeElement)
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    stops[place + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
  } else if (place > 0 && isPlain && event.key.length === 1 && event.key !== ' ') stops[0]?.focus()
}

interface FilterValuesProps {
  readonly name: string
  readonly rows: Breakdown['rows'] | undefined
  readonly error: Error | undefined
  readonly text: string
  readonly toggle: (name: string, value: string) => void
}

function FilterValues({ name, rows, error, text, toggle }: FilterValuesProps): JSX.Element {
  const { route } = useView()
  const chosen = route.parameters.getAll(name)
  if (rows === undefined) return <p class="muted">{error === undefined ? 'Loading values…' : error.message}</p>
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
