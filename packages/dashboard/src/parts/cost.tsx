import type { CallView, Totals } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { exactMoney, formatColumnMoney, formatMoney } from '../format/money.ts'
import { formatCount, UNKNOWN } from '../format/numbers.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

const REASON_TEXTS: Readonly<Record<string, string>> = {
  cache_unknown: 'cached input tokens unknown',
  assumed_5m: 'cache writes priced at the 5-minute rate',
  byok: 'paid with your own provider key',
  cache_at_input_rate: 'cached tokens priced at the input rate',
  root_fallback: 'only the total of the run is known',
  no_usage: 'token usage unknown',
  inconsistent_usage: 'token counts contradict each other',
  unpriced_dimension: 'part of the usage has no price',
  unpriced_tier: 'no price for this service tier',
  out_of_range: 'cost out of range',
}

/** What one call cost, in one of four states: exact, estimated, unpriced, of unknown usage. */
export function CallCost({ call }: { readonly call: CallView }): JSX.Element {
  const { route } = useView()
  if (!call.billable) return <NotBilled call={call} />
  if (call.costNanoUsd === null) {
    const isKnown = [call.inputTokens, call.outputTokens, call.totalTokens].some((count) => count !== null)
    if (!isKnown) {
      return (
        <span class="state state-unknown" title="The provider did not report token usage">
          unknown usage
        </span>
      )
    }
    return (
      <a class="state state-unpriced" href={toPage(route, 'prices')} title={call.costReason ?? 'No price found'}>
        unpriced
      </a>
    )
  }
  return <Money nanoUsd={call.costNanoUsd} flags={call.costFlags ?? []} />
}

/** What is known of a sum of costs. */
export type CostTotals = Pick<Totals, 'costNanoUsd' | 'estimatedCalls' | 'unpricedCalls' | 'unknownUsageCalls'>

interface TotalCostProps {
  readonly totals: CostTotals
  /** Those of its column; by default as many as say something. */
  readonly decimals?: number
}

/** A sum of costs, and which calls it estimates or leaves out. */
export function TotalCost({ totals, decimals }: TotalCostProps): JSX.Element {
  if (totals.costNanoUsd === null) {
    return totals.unpricedCalls > 0 ? <span class="state state-unpriced">unpriced</span> : <span>{UNKNOWN}</span>
  }
  return (
    <Money
      nanoUsd={totals.costNanoUsd}
      flags={[]}
      note={costNote(totals)}
      isEstimate={totals.estimatedCalls > 0}
      decimals={decimals}
    />
  )
}

/** Which calls a sum estimates or leaves out, in words; empty if all are exact. */
export function costNote({ estimatedCalls, unpricedCalls, unknownUsageCalls }: CostTotals): string {
  return [
    estimatedCalls > 0 ? `${formatCount(estimatedCalls)} estimated` : '',
    unpricedCalls > 0 ? `${formatCount(unpricedCalls)} unpriced` : '',
    unknownUsageCalls > 0 ? `${formatCount(unknownUsageCalls)} unknown usage` : '',
  ]
    .filter((text) => text !== '')
    .join(' · ')
}

/** What a flag or a reason of a cost means, in words. */
export function reasonText(flag: string): string {
  return REASON_TEXTS[flag] ?? flag.replaceAll('_', ' ')
}

interface MoneyProps {
  readonly nanoUsd: number
  readonly flags: readonly string[]
  readonly note?: string
  readonly isEstimate?: boolean
  readonly decimals?: number | undefined
}

function Money({ nanoUsd, flags, note = '', isEstimate = flags.length > 0, decimals }: MoneyProps): JSX.Element {
  const reasons = flags.length > 0 ? `estimated: ${flags.map(reasonText).join(', ')}` : note
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
      {decimals === undefined ? formatMoney(nanoUsd) : formatColumnMoney(nanoUsd, decimals)}
    </span>
  )
}

// Runs and tools repeat the cost of their model calls, so a reader who adds up the rows would count it twice.
function NotBilled({ call }: { readonly call: CallView }): JSX.Element {
  const title =
    call.kind === 'tool' ? 'Tool calls are not billed by a model provider' : 'Counted in the model calls below it'
  return (
    <span class="muted" title={title}>
      {UNKNOWN}
    </span>
  )
}
