import type { CallView, Totals } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { exactMoney, formatMoney } from '../format/money.ts'
import { formatCount, UNKNOWN } from '../format/numbers.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

const FLAG_TEXTS: Readonly<Record<string, string>> = {
  cache_unknown: 'the span does not say how much of the input was cached',
  assumed_5m: 'cache writes taken as five-minute ones',
  byok: 'paid with your own key at the provider',
  cache_at_input_rate: 'cached tokens at the input price',
  root_fallback: 'only the total of the run is known',
}

/** What one call cost, in one of four states: exact, estimated, unpriced, of unknown usage. */
export function CallCost({ call }: { readonly call: CallView }): JSX.Element {
  const { route } = useView()
  if (!call.billable) return <NotBilled call={call} />
  if (call.costNanoUsd === null) {
    const isKnown = [call.inputTokens, call.outputTokens, call.totalTokens].some((count) => count !== null)
    if (!isKnown) {
      return (
        <span class="state state-unknown" title="The provider did not say how many tokens it used">
          unknown usage
        </span>
      )
    }
    return (
      <a class="state state-unpriced" href={toPage(route, 'prices')} title={call.costReason ?? 'No price is known'}>
        unpriced
      </a>
    )
  }
  return <Money nanoUsd={call.costNanoUsd} flags={call.costFlags ?? []} />
}

/** A sum of costs, and what it leaves out. */
export function TotalCost({ totals }: { readonly totals: Totals }): JSX.Element {
  if (totals.costNanoUsd === null) {
    return totals.unpricedCalls > 0 ? <span class="state state-unpriced">unpriced</span> : <span>{UNKNOWN}</span>
  }
  return (
    <Money nanoUsd={totals.costNanoUsd} flags={[]} note={costNote(totals)} isEstimate={totals.estimatedCalls > 0} />
  )
}

/** Says in words which calls a sum estimates or leaves out; nothing if all are exact. */
export function costNote({ estimatedCalls, unpricedCalls, unknownUsageCalls }: Totals): string {
  return [
    estimatedCalls > 0 ? `${formatCount(estimatedCalls)} estimated` : '',
    unpricedCalls > 0 ? `${formatCount(unpricedCalls)} unpriced` : '',
    unknownUsageCalls > 0 ? `${formatCount(unknownUsageCalls)} unknown usage` : '',
  ]
    .filter((text) => text !== '')
    .join(' · ')
}

/** What a flag of a cost means. */
export function flagText(flag: string): string {
  return FLAG_TEXTS[flag] ?? flag.replaceAll('_', ' ')
}

interface MoneyProps {
  readonly nanoUsd: number
  readonly flags: readonly string[]
  readonly note?: string
  readonly isEstimate?: boolean
}

function Money({ nanoUsd, flags, note = '', isEstimate = flags.length > 0 }: MoneyProps): JSX.Element {
  const reasons = flags.length > 0 ? `estimated: ${flags.map(flagText).join(', ')}` : note
  return (
    <span
      class={isEstimate ? 'money is-estimate' : 'money'}
      title={`${exactMoney(nanoUsd)}${reasons === '' ? '' : ` · ${reasons}`}`}
    >
      {isEstimate && (
        <>
          <span aria-hidden="true">≈ </span>
          <span class="sr-only">estimated </span>
        </>
      )}
      {formatMoney(nanoUsd)}
    </span>
  )
}

// Runs and tools repeat what their model calls cost; a number here would be counted twice by whoever reads down.
function NotBilled({ call }: { readonly call: CallView }): JSX.Element {
  const title = call.kind === 'tool' ? 'A tool call is not billed by a model provider' : 'Billed in the calls below it'
  return (
    <span class="muted" title={title}>
      {UNKNOWN}
    </span>
  )
}
