import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useLive } from '../api/live.tsx'
import { formatCount } from '../format/numbers.ts'
import { FilterBar } from '../parts/filter-bar.tsx'
import { Icon } from '../parts/icon.tsx'
import { RangePicker } from '../parts/range-picker.tsx'
import { ViewPicker } from '../parts/view-picker.tsx'
import { ZonePicker } from '../parts/zone-picker.tsx'
import { useView } from '../view/view.tsx'

// Pages that do not depend on a time range.
const WITHOUT_RANGE = new Set(['budgets', 'health'])

/** One range, one time zone and one set of filters for everything below it. */
export function TopBar({ health }: { readonly health: Health | undefined }): JSX.Element {
  const { route } = useView()
  return (
    <div class="top">
      {health?.isDemoData === true && (
        <p class="demo-banner">
          <strong>Demo data.</strong> Every call here is made up; nothing was sent to a provider.
        </p>
      )}
      {!WITHOUT_RANGE.has(route.page ?? '') && route.id === undefined && (
        <div class="controls">
          <FilterBar />
          <div class="row controls-end">
            <NewCalls />
            <ViewPicker />
            <LiveSwitch />
            <ZonePicker />
            <RangePicker />
          </div>
        </div>
      )}
    </div>
  )
}

function NewCalls(): JSX.Element {
  const { arrived } = useLive()
  const { refresh } = useView()
  return (
    <span aria-live="polite">
      {arrived > 0 && (
        <button type="button" class="button is-new" onClick={refresh}>
          {formatCount(arrived)} new
        </button>
      )}
    </span>
  )
}

function LiveSwitch(): JSX.Element {
  const { state, isOn, toggle } = useLive()
  const { range } = useView()
  const words = { off: 'Paused', connecting: 'Connecting', open: 'Live', waiting: 'Reconnecting' }[state]
  const isFixed = range.preset === undefined
  return (
    <button
      type="button"
      class={`button live is-${state}`}
      aria-pressed={isOn}
      disabled={isFixed}
      title={
        isFixed ? 'Live updates need a time range that ends now' : isOn ? 'Pause live updates' : 'Resume live updates'
      }
      onClick={toggle}
    >
      {state === 'waiting' ? <Icon name="warning" /> : <span class="live-dot" aria-hidden="true" />}
      {isFixed ? 'Fixed range' : words}
    </button>
  )
}
