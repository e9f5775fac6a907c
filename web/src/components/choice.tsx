import { useId } from 'react'

interface ChoiceProps<T extends string> {
  label: string
  value: string
  options: readonly (readonly [value: T, title: string, hint: string])[]
  onChange: (value: T) => void
}

/** One of few, each with what it means. Another value leaves all of them open. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const id = useId()
  return (
    <fieldset className="choices">
      <legend className="field-label">{label}</legend>
      {options.map(([option, title, hint]) => (
        <label key={option} className="choice">
          <input type="radio" name={id} checked={option === value} onChange={() => onChange(option)} />
          <span>
            <span className="choice-title">{title}</span>
            <span className="soft small">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
