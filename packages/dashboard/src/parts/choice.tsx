import type { JSX } from 'preact'

interface ChoiceProps<Value extends string> {
  readonly name: string
  readonly value: Value
  readonly options: readonly (readonly [Value, string])[]
  readonly onChange: (value: Value) => void
}

/** One of a few, all of them in sight. */
export function Segments<Value extends string>({ name, value, options, onChange }: ChoiceProps<Value>): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={name}>
      {options.map(([option, label]) => (
        <button type="button" key={option} aria-pressed={option === value} onClick={() => onChange(option)}>
          {label}
        </button>
      ))}
    </div>
  )
}

/** One of many. */
export function Select<Value extends string>({ name, value, options, onChange }: ChoiceProps<Value>): JSX.Element {
  return (
    <label class="select">
      <span class="select-name">{name}</span>
      {/* Every value that can be chosen is one of the options. */}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
