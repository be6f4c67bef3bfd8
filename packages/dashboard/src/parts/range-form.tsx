import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type MeasureName, MEASURES, rangeEndsOf } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

interface RangeFormProps {
  readonly measure: MeasureName
  readonly close: () => void
}

/** Selects calls by the range of a number; an end that is left empty is open. */
export function RangeForm({ measure, close }: RangeFormProps): JSX.Element {
  const { route, change } = useView()
  const { label, unit } = MEASURES[measure]
  const { min, max } = rangeEndsOf(measure)
  const [from, setFrom] = useState(route.parameters.get(min) ?? '')
  const [to, setTo] = useState(route.parameters.get(max) ?? '')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    change({ [min]: from === '' ? null : from, [max]: to === '' ? null : to, cursor: null })
    close()
  }
  return (
    <form onSubmit={submit}>
      <label class="field">
        {label} from ({unit})
        <input
          type="number"
          min="0"
          step="any"
          value={from}
          autofocus
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        {label} to ({unit})
        <input type="number" min="0" step="any" value={to} onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button is-primary">
        Apply
      </button>
    </form>
  )
}
