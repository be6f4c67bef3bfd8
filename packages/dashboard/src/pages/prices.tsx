import type { Overview, PriceListAnswer, PriceRow, UnpricedModelRow } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import { useQuery } from '../api/use-query.ts'
import { formatCount } from '../format/numbers.ts'
import { formatTime } from '../format/time.ts'
import { Card } from '../parts/card.tsx'
import { reasonText } from '../parts/cost.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/page-states.tsx'
import { useAction } from '../parts/use-action.ts'
import { valueLabel } from '../view/filters.ts'
import { useView } from '../view/view.tsx'
import { PageHead } from './page-head.tsx'
import { PriceForm } from './price-form.tsx'
import { PriceSearch } from './price-search.tsx'
import { Reprice } from './reprice.tsx'
import { rateText } from './rate-text.ts'

interface Asked {
  readonly provider: string
  readonly model: string
}

/** Models without a price, custom prices, repricing, and the published list. */
export function Prices(): JSX.Element {
  const { query, refresh } = useView()
  const overview = useQuery<Overview>(`/api/overview?${query}`)
  const custom = useQuery<PriceListAnswer>('/api/prices?limit=1000')
  const [asked, ask] = useState<Asked>()
  const reload = (): void => {
    custom.reload()
    refresh()
  }
  return (
    <>
      <PageHead title="Prices">
        <button type="button" class="button is-primary" onClick={() => ask({ provider: '', model: '' })}>
          <Icon name="plus" /> Set price
        </button>
      </PageHead>
      <div class="stack">
        <Card title="Models without a price" hint="in this time range">
          <Loaded query={overview}>{({ unpricedModels }) => <Unpriced models={unpricedModels} ask={ask} />}</Loaded>
        </Card>
        <Card title="Custom prices" hint="take precedence over the list">
          <Loaded query={custom}>
            {({ data }) => <CustomPrices prices={data.filter(({ source }) => source === 'custom')} reload={reload} />}
          </Loaded>
        </Card>
        <Reprice onDone={refresh} />
        <PriceSearch />
      </div>
      {asked !== undefined && (
        <Dialog title="Set price" onClose={() => ask(undefined)}>
          <PriceForm
            {...asked}
            onDone={() => {
              ask(undefined)
              reload()
            }}
          />
        </Dialog>
      )}
    </>
  )
}

function Unpriced({
  models,
  ask,
}: {
  readonly models: readonly UnpricedModelRow[]
  readonly ask: (asked: Asked) => void
}): JSX.Element {
  const { tz } = useView()
  if (models.length === 0) return <p class="card-nothing muted">Every call with known token usage has a price.</p>
  const columns: readonly Column<UnpricedModelRow>[] = [
    { name: 'model', label: 'Model', cell: ({ model, requestModel }) => valueLabel(model ?? requestModel) },
    { name: 'provider', label: 'Provider', priority: 2, cell: ({ provider }) => valueLabel(provider) },
    {
      name: 'reason',
      label: 'Reason',
      priority: 2,
      cell: ({ reason }) => (reason === null ? '–' : reasonText(reason)),
    },
    { name: 'calls', label: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    { name: 'last', label: 'Last seen', priority: 3, cell: ({ lastStartedAt }) => formatTime(lastStartedAt, tz) },
    {
      name: 'set',
      label: 'Action',
      cell: ({ provider, model, requestModel }) => (
        <button
          type="button"
          class="button"
          onClick={() => ask({ provider: provider ?? '', model: model ?? requestModel ?? '' })}
        >
          Set price<span class="sr-only"> for {valueLabel(model ?? requestModel)}</span>
        </button>
      ),
    },
  ]
  return (
    <DataTable
      caption="Models without a price"
      columns={columns}
      rows={models}
      rowKey={(model) =>
        JSON.stringify([model.provider, model.model, model.requestModel, model.serviceTier, model.reason])
      }
    />
  )
}

function CustomPrices({
  prices,
  reload,
}: {
  readonly prices: readonly PriceRow[]
  readonly reload: () => void
}): JSX.Element {
  const removal = useAction()
  if (prices.length === 0)
    return <p class="card-nothing muted">No custom prices. Models are priced from the published list.</p>
  const remove = ({ provider, model, price }: PriceRow): void =>
    removal.run(async () => {
      const place = new URLSearchParams({ provider, model, tier: textOf(price['tier']), from: textOf(price['from']) })
      await request(`/api/prices?${place}`, { method: 'DELETE' })
      reload()
    })
  const columns: readonly Column<PriceRow>[] = [
    { name: 'model', label: 'Model', cell: ({ model }) => model },
    { name: 'provider', label: 'Provider', priority: 2, cell: ({ provider }) => provider },
    { name: 'rates', label: 'USD per million tokens', cell: ({ price }) => rateText(price) },
    { name: 'from', label: 'Valid from', priority: 2, cell: ({ price }) => textOf(price['from']) || 'Always' },
    {
      name: 'remove',
      label: 'Action',
      cell: (price) => (
        <button type="button" class="link-button" disabled={removal.isRunning} onClick={() => remove(price)}>
          Remove<span class="sr-only"> the price of {price.model}</span>
        </button>
      ),
    },
  ]
  return (
    <>
      <DataTable caption="Custom prices" columns={columns} rows={prices} rowKey={(price) => JSON.stringify(price)} />
      <FormError error={removal.error} />
    </>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
