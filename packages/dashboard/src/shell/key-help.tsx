import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { PAGES } from '../view/route.ts'
import { areKeysOn, setKeysOn } from './use-keys.ts'

const KEYS = [
  ['?', 'Show this list'],
  ['/', 'Add a filter'],
  ['t', 'Choose the time range'],
  ['r', 'Refresh'],
  ['j  k', 'Next row, previous row'],
  ['Enter', 'Open the selected row or bar'],
  ['Esc', 'Close, or go back to the list'],
  ['[  ]', 'Previous span, next span of a trace'],
  ['←  →', 'Move along a chart; collapse or expand a span'],
  ['↑  ↓', 'Move through the spans of a trace'],
] as const

/** Which key does what. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [isOn, setOn] = useState(areKeysOn)
  const rows = [...KEYS, ...PAGES.map(({ key, label }) => [`g  ${key}`, `Go to ${label}`] as const)]
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
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
        Enable single-key shortcuts
      </label>
    </Dialog>
  )
}
