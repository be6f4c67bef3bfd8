import type { JSX } from 'preact'
import { request } from '../api/request.ts'
import { FormError } from '../parts/form-error.tsx'
import { readForm, useAction } from '../parts/use-action.ts'

const RATES = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cache_read', 'Cache read'],
  ['cache_write', 'Cache write'],
] as const

interface PriceFormProps {
  readonly provider: string
  readonly model: string
  readonly onDone: () => void
}

/** The form for a custom price. */
export function PriceForm({ provider, model, onDone }: PriceFormProps): JSX.Element {
  const saving = useAction()
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const fields = readForm(event.currentTarget)
    const rates = RATES.flatMap(([name]) => (fields[name] === undefined ? [] : [[name, fields[name]] as const]))
    const { from } = fields
    saving.run(async () => {
      const price = { provider: fields['provider'], model: fields['model'], per_mtok: Object.fromEntries(rates) }
      await request('/api/prices', { method: 'PUT', body: from === undefined ? price : { ...price, from } })
      onDone()
    })
  }
  return (
    <form class="form" onSubmit={submit}>
      <div class="two-columns">
        <label class="field">
          Provider
          <input name="provider" required defaultValue={provider} autocomplete="off" />
        </label>
        <label class="field">
          Model, or a pattern with *
          <input name="model" required defaultValue={model} autocomplete="off" />
        </label>
        {RATES.map(([name, label], index) => (
          <label class="field" key={name}>
            {label} ($ per million tokens)
            <input
              name={name}
              inputMode="decimal"
              pattern="\d{1,9}(\.\d{1,12})?"
              required={index === 0}
              autocomplete="off"
            />
          </label>
        ))}
        <label class="field">
          Valid from (optional)
          <input name="from" type="date" />
        </label>
      </div>
      <p class="muted">Stored calls keep their cost until you reprice them.</p>
      <FormError error={saving.error} />
      <button type="submit" class="button is-primary" disabled={saving.isRunning}>
        Save
      </button>
    </form>
  )
}
