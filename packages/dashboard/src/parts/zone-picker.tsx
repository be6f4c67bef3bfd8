import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { browserTimeZone } from '../view/browser-time-zone.ts'
import { useView } from '../view/view.tsx'
import { Popover } from './popover.tsx'

const MOST_SHOWN = 60

/** Chooses the time zone of all days and times on the page. */
export function ZonePicker(): JSX.Element {
  const { tz } = useView()
  return (
    <Popover name="Time zone" icon="globe" label={tz}>
      {(close) => <ZoneList close={close} />}
    </Popover>
  )
}

function ZoneList({ close }: { readonly close: () => void }): JSX.Element {
  const { tz, change } = useView()
  const [text, setText] = useState('')
  const all = [...new Set(['UTC', browserTimeZone(), ...Intl.supportedValuesOf('timeZone')])]
  const found = all.filter((zone) =>
    zone.toLowerCase().replaceAll('_', ' ').includes(text.toLowerCase().replaceAll('_', ' ')),
  )
  return (
    <>
      <label class="field">
        Search time zones
        <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <ul class="option-list is-tall">
        {found.slice(0, MOST_SHOWN).map((zone) => (
          <li key={zone}>
            <button
              type="button"
              aria-pressed={zone === tz}
              onClick={() => {
                change({ tz: zone })
                close()
              }}
            >
              {zone.replaceAll('_', ' ')}
              {zone === browserTimeZone() && <span class="muted"> (browser)</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
