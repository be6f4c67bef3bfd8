import type { RepriceAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import { formatMoney } from '../format/money.ts'
import { countOf, formatCount } from '../format/numbers.ts'
import { Card } from '../parts/card.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { FormError } from '../parts/form-error.tsx'
import { useAction } from '../parts/use-action.ts'
import { FILTER_LABELS, FILTER_NAMES, VALUE_FILTERS, valueLabel } from '../view/filters.ts'
import { useView, type View } from '../view/view.tsx'

type ModelChange = RepriceAnswer['byModel'][number]

const COLUMNS: readonly Column<ModelChange>[] = [
  { name: 'model', label: 'Model', cell: ({ model, provider }) => `${valueLabel(provider)}/${valueLabel(model)}` },
  { name: 'calls', label: 'Calls', isNumber: true, priority: 2, cell: ({ calls }) => formatCount(calls) },
  { name: 'changed', label: 'Changed', isNumber: true, cell: ({ changed }) => formatCount(changed) },
  { name: 'before', label: 'Before', isNumber: true, cell: ({ beforeNanoUsd }) => formatMoney(beforeNanoUsd) },
  { name: 'after', label: 'After', isNumber: true, cell: ({ afterNanoUsd }) => formatMoney(afterNanoUsd) },
]

/** Reprices the calls of the range: first as a preview, then, if the reader agrees, for good. */
export function Reprice({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const view = useView()
  const work = useAction()
  const unsupported = otherFiltersOf(view)
  const [outcome, setOutcome] = useState<RepriceAnswer>()
  const reprice = (write: boolean): void =>
    work.run(async () => {
      setOutcome(
        await request<RepriceAnswer>('/api/prices/reprice', {
          method: 'POST',
          body: { filter: filterOf(view), write },
        }),
      )
      if (write) onDone()
    })
  return (
    <Card title="Reprice calls" hint={view.range.label}>
      <p class="lead">
        Recalculates the cost of the calls selected above from current prices. Costs reported by a provider or by the
        caller do not change.
      </p>
      {unsupported.length > 0 && (
        <p class="lead">Repricing selects calls by time and by values only. Remove first: {unsupported.join(', ')}.</p>
      )}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={work.isRunning || unsupported.length > 0}
          onClick={() => reprice(false)}
        >
          Preview
        </button>
        {outcome !== undefined && !outcome.write && outcome.changed > 0 && (
          <button type="button" class="button is-primary" disabled={work.isRunning} onClick={() => reprice(true)}>
            Save {countOf(outcome.changed, 'new cost')}
          </button>
        )}
      </div>
      <FormError error={work.error} />
      <div role="status">{outcome !== undefined && <Outcome outcome={outcome} />}</div>
    </Card>
  )
}

function Outcome({ outcome }: { readonly outcome: RepriceAnswer }): JSX.Element {
  const { write, calls, changed, beforeNanoUsd, afterNanoUsd, byModel } = outcome
  const shown = byModel.filter((model) => model.changed > 0)
  return (
    <>
      <p>
        <strong>
          {formatCount(changed)} of {countOf(calls, 'call')} {write ? 'repriced' : 'would change'}
        </strong>
        : {formatMoney(beforeNanoUsd)} → {formatMoney(afterNanoUsd)}
      </p>
      {shown.length > 0 && (
        <DataTable
          caption="Changes by model"
          columns={COLUMNS}
          rows={shown}
          rowKey={(row) => JSON.stringify([row.provider, row.model])}
        />
      )}
    </>
  )
}

// Without them, more calls would be repriced than are on the page.
function otherFiltersOf({ route }: View): readonly string[] {
  return FILTER_NAMES.filter((name) => !Object.hasOwn(VALUE_FILTERS, name) && route.parameters.has(name)).map(
    (name) => FILTER_LABELS[name] ?? name,
  )
}

function filterOf({ route, range, tz }: View): Readonly<Record<string, unknown>> {
  const names = Object.keys(VALUE_FILTERS).filter((name) => route.parameters.has(name))
  // An empty text in the URL asks for calls where it is unknown, which is null in JSON.
  const values = names.map(
    (name) => [name, route.parameters.getAll(name).map((value) => (value === '' ? null : value))] as const,
  )
  return { ...Object.fromEntries(values), ...(range.from === undefined ? {} : { from: range.from }), to: range.to, tz }
}
