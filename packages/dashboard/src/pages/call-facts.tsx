import type { CallAnswer, CallView } from '@spanledger/server/api'
import type { ComponentChildren, JSX } from 'preact'
import { exactMoney } from '../format/money.ts'
import { formatCount, formatDuration, formatShare, shareOf } from '../format/numbers.ts'
import { Card, Facts } from '../parts/card.tsx'
import { CallCost, reasonText } from '../parts/cost.tsx'
import { FILTER_LABELS } from '../view/filters.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

type Fact = readonly [string, ComponentChildren]

const SOURCES: Readonly<Record<string, string>> = {
  provider: 'Reported by the provider',
  custom: 'Custom price',
  list: 'List price',
  reported: 'Reported by the caller',
}

const USAGE_SOURCES: Readonly<Record<string, string>> = {
  span: 'Span',
  provider_metadata: 'Provider metadata',
  observed: 'Observed response',
  reported: 'Reported by the caller',
  none: 'Unknown',
}

/** How many tokens a call used, what they cost, and where both numbers are from. */
export function TokensAndPrice({ detail }: { readonly detail: CallAnswer }): JSX.Element | null {
  const { call, price } = detail
  if (!call.billable) return null
  const facts: readonly Fact[] = [
    ['Input', formatCount(call.inputTokens)],
    ['Cache read', partOf(call.cacheReadTokens, call.inputTokens)],
    ['Cache write', partOf(call.cacheWriteTokens, call.inputTokens)],
    ['Output', formatCount(call.outputTokens)],
    ['Reasoning', partOf(call.reasoningTokens, call.outputTokens)],
    ['Total', formatCount(call.totalTokens)],
    ['Token source', USAGE_SOURCES[call.usageSource] ?? call.usageSource],
  ]
  return (
    <Card title="Tokens and cost">
      <div class="two-columns">
        <Facts facts={facts} />
        <div>
          <Facts facts={priceFacts(call)} />
          {price !== null && <PriceUsed price={price} />}
        </div>
      </div>
    </Card>
  )
}

function priceFacts(call: CallView): readonly Fact[] {
  const flags = call.costFlags ?? []
  return [
    ['Cost', <CallCost key="cost" call={call} />],
    ...(call.costNanoUsd === null ? [] : [['Exact cost', exactMoney(call.costNanoUsd)] as const]),
    ...(call.costSource === null ? [] : [['Cost source', SOURCES[call.costSource] ?? call.costSource] as const]),
    ...(call.priceVersion === null ? [] : [['Price version', call.priceVersion] as const]),
    ...(flags.length === 0 ? [] : [['Estimated because', flags.map(reasonText).join(', ')] as const]),
    ...(call.costReason === null ? [] : [['Cost unknown because', reasonText(call.costReason)] as const]),
  ]
}

function PriceUsed({ price }: { readonly price: NonNullable<CallAnswer['price']> }): JSX.Element {
  const rates = Object.entries(price.price).flatMap(([group, values]) => ratesOf(group, values))
  return (
    <details class="price-used">
      <summary>
        Price used: {price.provider}/{price.model}
      </summary>
      <Facts facts={[['Source', `${SOURCES[price.source] ?? price.source}, ${price.version}`], ...rates]} />
    </details>
  )
}

function ratesOf(group: string, values: unknown): readonly Fact[] {
  if (typeof values === 'string' || typeof values === 'number') return [[group.replaceAll('_', ' '), String(values)]]
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return []
  const unit = group === 'per_mtok' ? ' per million tokens' : ''
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name.replaceAll('_', ' '), `$${value}${unit}`] as const] : [],
  )
}

/** Everything else that is stored of a call. Its user, model and the like link to calls with the same value. */
export function CallFacts({ call }: { readonly call: CallView & { readonly content?: unknown } }): JSX.Element {
  const { route } = useView()
  const link = (filter: string, value: string | null): readonly Fact[] =>
    value === null
      ? []
      : [
          [
            FILTER_LABELS[filter] ?? filter,
            <a
              key={filter}
              href={
                filter === 'session'
                  ? toPage(route, 'sessions', { id: value })
                  : toPage(route, 'calls', { changes: { [filter]: value } })
              }
            >
              {value}
            </a>,
          ],
        ]
  const linked = [
    ...link('user', call.userId),
    ...link('session', call.sessionId),
    ...link('project', call.projectId),
    ...link('company', call.companyId),
    ...link('task', call.taskId),
    ...link('operation', call.operation),
    ...link('provider', call.provider),
    ...link('model', call.model),
    ...link('trace', call.traceId),
  ]
  const { content: _content, ...rest } = call
  const known = Object.entries(rest).filter(([, value]) => value !== null)
  return (
    <Card title="Details">
      <Facts
        facts={[
          ...linked,
          ...((call.tags ?? []).length === 0 ? [] : [['Tags', (call.tags ?? []).join(', ')] as const]),
          ['Time to first token', formatDuration(call.timeToFirstTokenMs)],
          ['Finish reason', call.finishReason ?? '–'],
        ]}
      />
      <details>
        <summary>All columns</summary>
        <Facts
          facts={known.map(
            ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
          )}
        />
      </details>
    </Card>
  )
}

function partOf(part: number | null, all: number | null): string {
  return part === null ? '–' : `${formatCount(part)} (${formatShare(shareOf(part, all))})`
}
