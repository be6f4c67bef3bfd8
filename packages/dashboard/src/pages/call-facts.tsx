import type { CallAnswer, CallView } from '@spanledger/server/api'
import type { ComponentChildren, JSX } from 'preact'
import { exactMoney } from '../format/money.ts'
import { formatCount, formatDuration, formatShare, shareOf } from '../format/numbers.ts'
import { Card, Facts } from '../parts/card.tsx'
import { CallCost, flagText } from '../parts/cost.tsx'
import { FILTER_LABELS } from '../view/filters.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

type Fact = readonly [string, ComponentChildren]

const SOURCES: Readonly<Record<string, string>> = {
  provider: 'the provider named it in its answer',
  custom: 'your own price',
  list: 'published list price',
  reported: 'reported by the caller',
}

const USAGE_SOURCES: Readonly<Record<string, string>> = {
  span: 'the span',
  provider_metadata: 'what the provider sent along',
  observed: 'the stream, as observed',
  reported: 'the caller',
  none: 'nobody',
}

/** How many tokens, what they cost, and why we think so. */
export function TokensAndPrice({ detail }: { readonly detail: CallAnswer }): JSX.Element | null {
  const { call, price } = detail
  if (!call.billable) return null
  const facts: readonly Fact[] = [
    ['Input', formatCount(call.inputTokens)],
    ['… read from cache', cachePart(call.cacheReadTokens, call.inputTokens)],
    ['… written to cache', cachePart(call.cacheWriteTokens, call.inputTokens)],
    ['Output', formatCount(call.outputTokens)],
    ['… reasoning', cachePart(call.reasoningTokens, call.outputTokens)],
    ['Total', formatCount(call.totalTokens)],
    ['Counted by', USAGE_SOURCES[call.usageSource] ?? call.usageSource],
  ]
  return (
    <Card title="Tokens and price">
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
    ...(call.costNanoUsd === null ? [] : [['To the last digit', exactMoney(call.costNanoUsd)] as const]),
    ...(call.costSource === null ? [] : [['Where it is from', SOURCES[call.costSource] ?? call.costSource] as const]),
    ...(call.priceVersion === null ? [] : [['Price version', call.priceVersion] as const]),
    ...(flags.length === 0 ? [] : [['An estimate because', flags.map(flagText).join(', ')] as const]),
    ...(call.costReason === null ? [] : [['No cost because', flagText(call.costReason)] as const]),
  ]
}

function PriceUsed({ price }: { readonly price: NonNullable<CallAnswer['price']> }): JSX.Element {
  const rates = Object.entries(price.price).flatMap(([group, values]) => ratesOf(group, values))
  return (
    <details class="price-used">
      <summary>
        Price of {price.provider}/{price.model}
      </summary>
      <Facts facts={[['From', `${SOURCES[price.source] ?? price.source}, ${price.version}`], ...rates]} />
    </details>
  )
}

function ratesOf(group: string, values: unknown): readonly Fact[] {
  if (typeof values === 'string' || typeof values === 'number') return [[group.replaceAll('_', ' '), String(values)]]
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return []
  const unit = group === 'per_mtok' ? ' per million' : ''
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name.replaceAll('_', ' '), `$${value}${unit}`] as const] : [],
  )
}

/** Everything else the ledger knows of a call; who and what lead to the calls like it. */
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
    <Card title="About this call">
      <Facts
        facts={[
          ...linked,
          ...((call.tags ?? []).length === 0 ? [] : [['Tags', (call.tags ?? []).join(', ')] as const]),
          ['First token', formatDuration(call.timeToFirstTokenMs)],
          ['Finished because', call.finishReason ?? '–'],
        ]}
      />
      <details>
        <summary>Every column</summary>
        <Facts
          facts={known.map(
            ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
          )}
        />
      </details>
    </Card>
  )
}

function cachePart(part: number | null, all: number | null): string {
  return part === null ? '–' : `${formatCount(part)} (${formatShare(shareOf(part, all))})`
}
