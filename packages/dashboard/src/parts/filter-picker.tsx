import type { Breakdown } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type Query, useQuery } from '../api/use-query.ts'
import { formatCompact } from '../format/numbers.ts'
import { exclusionOf, FILTER_LABELS, FILTER_SUBJECTS, isMeasure, METADATA, valueLabel } from '../view/filters.ts'
import { type AddedFilters, addedTo, parseTypedFilter } from '../view/typed-filter.ts'
import { useView } from '../view/view.tsx'
import { RangeForm } from './range-form.tsx'

/** Picks a filter, then its values. Enter takes the first of what is listed; typing `user:-heidi` and Enter does both. */
export function FilterPicker({ close }: { readonly close: () => void }): JSX.Element {
  const [name, setName] = useState<string>()
  const [text, setText] = useState('')
  const [isExcluding, setExcluding] = useState(false)
  const { route, change } = useView()
  const values = useValues(name)
  const names = Object.keys(FILTER_SUBJECTS).filter((option) => matches(FILTER_SUBJECTS[option] ?? option, text))
  const parameter = name === undefined || !isExcluding ? name : exclusionOf(name)
  const rows = values.data?.rows.filter(
    ({ key, label, toolCalls }) =>
      matches(valueLabel(label ?? key), text) && (groupingOf(name) !== 'tool' || toolCalls > 0),
  )

  const toggle = (filter: string, value: string): void => {
    const now = route.parameters.getAll(filter)
    change({ [filter]: now.includes(value) ? now.filter((other) => other !== value) : [...now, value], cursor: null })
  }
  // An end of a range is replaced; every other filter can have several values.
  const add = (filters: AddedFilters): void => {
    const changes = filters.map(([filter, value]) => {
      const others = /^(min|max)/.test(filter) ? [] : route.parameters.getAll(filter)
      return [filter, [...new Set([...others, value])]] as const
    })
    change({ ...Object.fromEntries(changes), cursor: null })
  }
  const choose = (filter: string): void => {
    setName(filter)
    setText('')
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const filters = name === undefined ? parseTypedFilter(text) : filtersOf(name, { text, rows, isExcluding })
    const [first] = names
    if (filters !== undefined) {
      add(filters)
      close()
    } else if (name === undefined && first !== undefined) choose(first)
  }
  if (isMeasure(name)) return <RangeForm measure={name} close={close} />
  return (
    <div onKeyDown={walkOptions}>
      <form onSubmit={submit}>
        <label class="field">
          {parameter === undefined ? 'Filter by (or type model:gpt-5, user:-heidi)' : fieldLabel(parameter)}
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
                {FILTER_SUBJECTS[option]}
              </button>
            </li>
          ))}
        </ul>
      ) : name === METADATA ? (
        <p class="muted">Press Enter to add it. Without a value (tier=): calls without that key.</p>
      ) : (
        <>
          <label class="option">
            <input type="checkbox" checked={isExcluding} onChange={() => setExcluding(!isExcluding)} />
            <span class="option-name">Leave these out</span>
          </label>
          <FilterValues name={parameter ?? ''} rows={rows} error={values.error} text={text} toggle={toggle} />
        </>
      )}
    </div>
  )
}

function fieldLabel(parameter: string): string {
  return parameter === METADATA
    ? 'Metadata, such as tier=gold'
    : `${FILTER_LABELS[parameter]}${parameter.startsWith('not') ? '' : ' is'}`
}

// Only values that the other filters leave calls for.
function useValues(name: string | undefined): Query<Breakdown> {
  const { query } = useView()
  const own = name === undefined ? [] : [name, exclusionOf(name)]
  const others = new URLSearchParams([...query].filter(([filter]) => !own.includes(filter)))
  return useQuery<Breakdown>(
    name === undefined || name === METADATA || isMeasure(name)
      ? undefined
      : `/api/ai-usage/breakdown?${others}&groupBy=${groupingOf(name)}&limit=100`,
  )
}

function groupingOf(name: string | undefined): string | undefined {
  return name === 'usedTool' ? 'tool' : name
}

interface Typed {
  readonly text: string
  readonly rows: Breakdown['rows'] | undefined
  readonly isExcluding: boolean
}

// What was typed, if it is a value; else the first value that has it in it; else what was typed all the same.
function filtersOf(name: string, { text, rows = [], isExcluding }: Typed): AddedFilters | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  const row = rows.find(({ key, label }) => key === typed || label === typed) ?? rows[0]
  if (row === undefined) return addedTo(name, isExcluding ? `-${typed}` : typed)
  return [[isExcluding ? exclusionOf(name) : name, row.key ?? '']]
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

function matches(label: string, text: string): boolean {
  return label.toLowerCase().includes(text.trim().toLowerCase())
}
