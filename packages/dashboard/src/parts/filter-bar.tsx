import type { JSX } from 'preact'
import { FILTER_LABELS, FILTER_NAMES, parameterLabel } from '../view/filters.ts'
import { useView } from '../view/view.tsx'
import { FilterPicker } from './filter-picker.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'

/** The filters that are set, and the button that adds one. */
export function FilterBar(): JSX.Element {
  const { route, change, hasFilters } = useView()
  const chips = FILTER_NAMES.flatMap((name) => route.parameters.getAll(name).map((value) => [name, value] as const))
  const remove = (name: string, value: string): void =>
    change({ [name]: route.parameters.getAll(name).filter((other) => other !== value), cursor: null })
  return (
    <div class="filter-bar" role="group" aria-label="Filters">
      <Popover name="Add filter" icon="plus" label="Filter" shortcut="/">
        {(close) => <FilterPicker close={close} />}
      </Popover>
      {chips.map(([name, value]) => (
        <span class="chip" key={`${name}:${value}`}>
          <span class="chip-name">{FILTER_LABELS[name]}</span>
          <span class="chip-value">{parameterLabel(name, value)}</span>
          <button type="button" class="chip-remove" onClick={() => remove(name, value)}>
            <Icon name="close" />
            <span class="sr-only">
              Remove filter {FILTER_LABELS[name]} {parameterLabel(name, value)}
            </span>
          </button>
        </span>
      ))}
      {hasFilters && (
        <button
          type="button"
          class="link-button"
          onClick={() => change(Object.fromEntries([...FILTER_NAMES, 'cursor'].map((name) => [name, null])))}
        >
          Clear all
        </button>
      )}
    </div>
  )
}
