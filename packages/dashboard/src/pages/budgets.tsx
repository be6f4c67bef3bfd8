import type { BudgetList, BudgetView } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useLiveRefresh } from '../api/live.tsx'
import { request } from '../api/request.ts'
import { useQuery } from '../api/use-query.ts'
import { formatMoney } from '../format/money.ts'
import { formatPercent } from '../format/numbers.ts'
import { formatDay } from '../format/time.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/page-states.tsx'
import { useAction } from '../parts/use-action.ts'
import { FILTER_LABELS, valueLabel } from '../view/filters.ts'
import { BudgetForm } from './budget-form.tsx'
import { PageHead } from './page-head.tsx'

const NANO = 1_000_000_000
const WARNINGS = [50, 80, 95]

/** Budgets, and how much of each is spent. */
export function Budgets(): JSX.Element {
  const budgets = useQuery<BudgetList>('/api/budgets')
  const [isAdding, setAdding] = useState(false)
  useLiveRefresh(budgets.reload)
  const finish = (): void => {
    setAdding(false)
    budgets.reload()
  }
  return (
    <>
      <PageHead title="Budgets">
        <button type="button" class="button is-primary" onClick={() => setAdding(true)}>
          <Icon name="plus" /> New budget
        </button>
      </PageHead>
      <p class="lead">A budget can notify a webhook at 50%, 80% and 95%, once per period. Calls are never blocked.</p>
      <Loaded query={budgets}>
        {({ data }) =>
          data.length === 0 ? (
            <div class="nothing">
              <p>No budgets yet. A budget can cover all calls, or only those of a user, project, model or tag.</p>
            </div>
          ) : (
            <ul class="budgets">
              {data.map((budget) => (
                <BudgetCard key={budget.id} budget={budget} reload={budgets.reload} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding && (
        <Dialog title="New budget" onClose={() => setAdding(false)}>
          <BudgetForm onDone={finish} />
        </Dialog>
      )}
    </>
  )
}

function BudgetCard({ budget, reload }: { readonly budget: BudgetView; readonly reload: () => void }): JSX.Element {
  const [isSure, setSure] = useState(false)
  const removal = useAction()
  const { name, scope, period, limitUsd, state } = budget
  const percent = state.percent ?? 0
  const level = percent >= 95 ? 'is-over' : percent >= 80 ? 'is-near' : 'is-fine'
  const remove = (): void =>
    removal.run(async () => {
      await request(`/api/budgets/${encodeURIComponent(budget.id)}`, { method: 'DELETE' })
      reload()
    })
  return (
    <li class={`card budget ${level}`}>
      <div class="budget-head">
        <h2>{name}</h2>
        <span class="muted">{scopeText(scope)}</span>
      </div>
      <p class="budget-sum">
        <strong>{formatMoney(state.spentNanoUsd)}</strong> of {formatMoney(limitUsd * NANO)} this {period}
        <span class="budget-percent">{formatPercent(state.percent)}</span>
      </p>
      <Meter percent={percent} label={`${name}: ${formatPercent(percent)} of the budget spent`} />
      <div class="row budget-foot">
        <span class="muted">
          Resets {formatDay(state.periodEnd, budget.tz)} ({budget.tz}) ·{' '}
          {state.lastWarning === null ? 'no warning sent' : `last warning at ${state.lastWarning}%`}
          {budget.webhookUrl === null || budget.webhookUrl === undefined ? ' · no webhook' : ''}
        </span>
        {isSure ? (
          <span class="row">
            <button type="button" class="button is-danger" disabled={removal.isRunning} onClick={remove}>
              Delete {name}
            </button>
            <button type="button" class="button" onClick={() => setSure(false)}>
              Cancel
            </button>
          </span>
        ) : (
          <button type="button" class="link-button" onClick={() => setSure(true)}>
            Delete<span class="sr-only"> {name}</span>
          </button>
        )}
      </div>
      <FormError error={removal.error} />
    </li>
  )
}

function Meter({ percent, label }: { readonly percent: number; readonly label: string }): JSX.Element {
  return (
    <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="meter-track" width="100" height="4" />
      <rect class="meter-fill" width={Math.min(percent, 100)} height="4" />
      {WARNINGS.map((at) => (
        <rect key={at} class="meter-mark" x={at} width="0.25" height="4" />
      ))}
    </svg>
  )
}

function scopeText(scope: BudgetView['scope']): string {
  const parts = Object.entries(scope).map(([name, value]) => {
    const values = [value].flat().map((one) => valueLabel(one))
    return `${FILTER_LABELS[name] ?? name} ${values.join(' or ')}`
  })
  return parts.length === 0 ? 'All calls' : parts.join(', ')
}
