import type { JSX } from 'preact'

// Drawn on 16 × 16, one stroke wide.
const SHAPES = {
  overview: 'M2 13.5V9m4 4.5V5.5m4 8V8m4 5.5v-11',
  calls: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  tools: 'M9.6 6.4 3 13m6.6-6.6a3 3 0 0 0 4-3.6l-2 2-1.6-.4-.4-1.6 2-2a3 3 0 0 0-3.6 4',
  sessions: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z',
  spend:
    'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM2 13c.2-2.4 1.8-3.8 4-3.8S9.8 10.6 10 13m1-9.8a2 2 0 0 1 0 3.9m1 2.4c1.2.5 1.9 1.7 2 3.5',
  budgets: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zm0-6 2.5-2.5',
  prices: 'M8.5 2.5h5v5l-6 6-5-5zm2.6 2.4h.01',
  health: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  close: 'm4.5 4.5 7 7m0-7-7 7',
  plus: 'M8 3.5v9m-4.5-4.5h9',
  calendar: 'M3 3.5h10v9.5H3zM3 6.5h10M5.5 2v2.5m5-2.5v2.5',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12',
  download: 'M8 2.5v8m-3-3 3 3 3-3M3 13.5h10',
  theme: 'M8 13.5a5.5 5.5 0 1 0 0-11zM8 2.5a5.5 5.5 0 1 0 0 11z',
  keys: 'M2 4.5h12v7H2zm2.5 2.5h.01m2.49 0h.01m2.49 0h.01m2 0h.01M5 9.5h6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm3.3-1.2 3.2 3.2',
  external: 'M6.5 3.5h-3v9h9v-3m-4-6h4v4m0-4-5.5 5.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5m0 1.8h.01',
  check: 'm3.5 8.5 3 3 6-7',
  dash: 'M4 8h8',
  views: 'M4 2.5h8v11l-4-3-4 3z',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10m3.6-10v10',
} as const

/** What an icon shows. */
export type IconName = keyof typeof SHAPES

/** A picture beside a word; never instead of one. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  )
}
