import { createWallClock, DAY_MS } from '@spanledger/core/time'
import type { JSX } from 'preact'
import { PRESETS } from '../view/range.ts'
import { presetChanges, useView } from '../view/view.tsx'
import { Popover } from './popover.tsx'
import { readForm } from './use-action.ts'

/** Chooses the time range: one that moves with the clock, or one with two fixed ends. */
export function RangePicker(): JSX.Element {
  const { range, change } = useView()
  return (
    <Popover name="Time range" icon="calendar" label={range.label} shortcut="t">
      {(close) => (
        <div class="range-panel">
          <ul class="option-list">
            {Object.entries(PRESETS).map(([name, { label }]) => (
              <li key={name}>
                <button
                  type="button"
                  aria-pressed={range.preset === name}
                  data-first={range.preset === name ? '' : undefined}
                  onClick={() => {
                    change(presetChanges(name))
                    close()
                  }}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
          <CustomRange close={close} />
        </div>
      )}
    </Popover>
  )
}

function CustomRange({ close }: { readonly close: () => void }): JSX.Element {
  const { range, tz, change } = useView()
  const { wallTimeAt, instantOf } = createWallClock(tz)
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = readForm(event.currentTarget)
    const [from, to] = ['from', 'to'].map((name) => instantOf(Date.parse(`${form[name] ?? ''}Z`)))
    if (from === undefined || to === undefined || !(from < to)) return
    change({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString(), cursor: null })
    close()
  }
  const local = (time: number): string => new Date(wallTimeAt(time)).toISOString().slice(0, 16)
  return (
    <form class="range-form" onSubmit={submit}>
      <label class="field">
        From
        <input type="datetime-local" name="from" required defaultValue={local(range.from ?? range.to - DAY_MS)} />
      </label>
      <label class="field">
        To
        <input type="datetime-local" name="to" required defaultValue={local(range.to)} />
      </label>
      <p class="muted">Times are in {tz}</p>
      <button type="submit" class="button is-primary">
        Apply
      </button>
    </form>
  )
}
