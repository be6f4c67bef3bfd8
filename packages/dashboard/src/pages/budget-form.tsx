import type { FilterName } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { request } from '../api/request.ts'
import { FormError } from '../parts/form-error.tsx'
import { readForm, useAction } from '../parts/use-action.ts'
import { FILTER_LABELS } from '../view/filters.ts'
import { useView } from '../view/view.tsx'

// Whether a budget can be for one value of it, in the order of the list.
const IS_SCOPE: { readonly [Name in FilterName]: boolean } = {
  project: true,
  user: true,
  company: true,
  model: true,
  provider: true,
  operation: true,
  tag: true,
  service: true,
  environment: true,
  requestedModel: false,
  callType: false,
  session: false,
  task: false,
  trace: false,
  kind: false,
  status: false,
  tool: false,
  usedTool: false,
}

const SCOPES = Object.entries(IS_SCOPE).flatMap(([name, isScope]) => (isScope ? [name] : []))

/** The form for a new budget. */
export function BudgetForm({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const { tz } = useView()
  const saving = useAction()
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const { name, limit, period, scopeName = '', scopeValue, webhookUrl } = readForm(event.currentTarget)
    const scope = scopeName === '' || scopeValue === undefined ? {} : { [scopeName]: scopeValue }
    saving.run(async () => {
      const body = {
        name,
        limitUsd: Number(limit),
        period,
        tz,
        scope,
        ...(webhookUrl === undefined ? {} : { webhookUrl }),
      }
      await request('/api/budgets', { method: 'POST', body })
      onDone()
    })
  }
  return (
    <form class="form" onSubmit={submit}>
      <label class="field">
        Name
        <input name="name" required maxLength={100} autocomplete="off" />
      </label>
      <div class="two-columns">
        <label class="field">
          Limit (USD)
          <input name="limit" type="number" min="0.01" step="0.01" required />
        </label>
        <label class="field">
          Period
          <select name="period" defaultValue="month">
            <option value="day">Day</option>
            <option value="week">Week</option>
            <option value="month" selected>
              Month
            </option>
          </select>
        </label>
        <label class="field">
          Applies to
          <select name="scopeName">
            <option value="">All calls</option>
            {SCOPES.map((scope) => (
              <option key={scope} value={scope}>
                One {(FILTER_LABELS[scope] ?? scope).toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Value
          <input name="scopeValue" autocomplete="off" />
        </label>
      </div>
      <label class="field">
        Webhook URL (optional)
        <input name="webhookUrl" type="url" placeholder="https://…" autocomplete="off" />
      </label>
      <p class="muted">Periods start at midnight in {tz}.</p>
      <FormError error={saving.error} />
      <button type="submit" class="button is-primary" disabled={saving.isRunning}>
        Save
      </button>
    </form>
  )
}
