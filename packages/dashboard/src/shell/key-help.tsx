import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { PAGES } from '../view/route.ts'
import { areKeysOn, setKeysOn } from './use-keys.ts'

const KEYS = [
  ['?', 'This list'],
  ['/', 'Add a filter'],
  ['t', 'Choose the time range'],
  ['r', 'Show what is new'],
  ['j  k', 'Next row, row before'],
  ['Enter', 'Open the row or the bar'],
  ['Esc', 'Close, or back to the list'],
  ['[  ]', 'Span before, next span of a trace'],
  ['←  →', 'Move over a chart'],
] as const

/** Which key does what. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [isOn, setOn] = useState(areKeysOn)
  const rows = [...KEYS, ...PAGES.map(({ key, label }) => [`g  ${key}`, label] as const)]
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split('  ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="option">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setKeysOn(event.currentTarget.checked)
            setOn(event.currentTarget.checked)
          }}
        />
        Single keys do something
      </label>
    </Dialog>
  )
}
