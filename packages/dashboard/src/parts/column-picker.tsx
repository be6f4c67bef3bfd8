import type { JSX } from 'preact'
import { useView } from '../view/view.tsx'
import type { Column } from './data-table.tsx'
import { Popover } from './popover.tsx'

/** A column that the reader may show or hide. */
export interface OptionalColumn<Row> extends Column<Row> {
  /** Whether it is shown before the reader has chosen any. */
  readonly isUsual: boolean
}

/** The columns that the URL names (`columns=cost,status`), as wide as the screen may be; the usual ones where it names none. */
export function chosenColumns<Row>(
  all: readonly OptionalColumn<Row>[],
  parameters: URLSearchParams,
): readonly Column<Row>[] {
  const names = parameters.get('columns')?.split(',') ?? []
  const chosen = all.filter(({ name }) => names.includes(name))
  return chosen.length === 0
    ? all.filter(({ isUsual }) => isUsual)
    : chosen.map((column) => ({ ...column, priority: 1 as const }))
}

/** Chooses the columns of a table. The choice is in the URL. */
export function ColumnPicker<Row>({ all }: { readonly all: readonly OptionalColumn<Row>[] }): JSX.Element {
  const { route, change } = useView()
  const shown = new Set(chosenColumns(all, route.parameters).map(({ name }) => name))
  const toggle = (name: string): void => {
    const next = all.filter((column) => shown.has(column.name) !== (column.name === name))
    const isUsual = all.every((column) => column.isUsual === next.includes(column))
    change({ columns: isUsual || next.length === 0 ? null : next.map((column) => column.name).join(',') })
  }
  return (
    <Popover name="Choose columns" icon="columns" label="Columns">
      {() => (
        <>
          <ul class="option-list is-tall">
            {all.map(({ name, label }) => (
              <li key={name}>
                <label class="option">
                  <input
                    type="checkbox"
                    checked={shown.has(name)}
                    disabled={shown.size === 1 && shown.has(name)}
                    onChange={() => toggle(name)}
                  />
                  <span class="option-name">{label}</span>
                </label>
              </li>
            ))}
          </ul>
          <button
            type="button"
            class="link-button"
            disabled={!route.parameters.has('columns')}
            onClick={() => change({ columns: null })}
          >
            Reset columns
          </button>
        </>
      )}
    </Popover>
  )
}
