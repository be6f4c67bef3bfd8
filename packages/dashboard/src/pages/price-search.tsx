import type { PriceListAnswer, PriceRow } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useQuery } from '../api/use-query.ts'
import { Card } from '../parts/card.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Loaded } from '../parts/page-states.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { useView } from '../view/view.tsx'
import { rateText } from './rate-text.ts'

const COLUMNS: readonly Column<PriceRow>[] = [
  { name: 'model', label: 'Model', cell: ({ model }) => model },
  { name: 'provider', label: 'Provider', cell: ({ provider }) => provider },
  { name: 'source', label: 'Source', priority: 2, cell: ({ source }) => (source === 'custom' ? 'Custom' : 'List') },
  { name: 'rates', label: 'USD per million tokens', cell: ({ price }) => rateText(price) },
]

/** Finds prices by model. */
export function PriceSearch(): JSX.Element {
  const { route } = useView()
  const text = route.parameters.get('q') ?? ''
  const prices = useQuery<PriceListAnswer>(
    text === '' ? undefined : `/api/prices?limit=50&q=${encodeURIComponent(text)}`,
  )
  return (
    <Card
      title="Look up a price"
      hint={prices.data === undefined ? undefined : `list from ${prices.data.list.generated.slice(0, 10)}`}
    >
      <SearchField label="Search prices by model" placeholder="gpt-5, claude…" class="card-search" />
      {text !== '' && (
        <Loaded query={prices}>
          {({ data }) =>
            data.length === 0 ? (
              <p class="card-nothing muted">No prices match “{text}”.</p>
            ) : (
              <DataTable caption="Prices" columns={COLUMNS} rows={data} rowKey={(price) => JSON.stringify(price)} />
            )
          }
        </Loaded>
      )}
    </Card>
  )
}
