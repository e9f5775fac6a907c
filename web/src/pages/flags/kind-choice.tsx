import { useId } from 'react'

interface KindChoiceProps {
  isMultivariate: boolean
  onChange: (isMultivariate: boolean) => void
}

const KINDS = [
  [false, 'On or off', 'Those who get it see the change.'],
  [true, 'Several variants', 'Those who get it are split, as in an experiment.'],
] as const

export function KindChoice({ isMultivariate, onChange }: KindChoiceProps) {
  const id = useId()
  return (
    <fieldset className="choices">
      <legend className="field-label">Kind</legend>
      {KINDS.map(([kind, title, hint]) => (
        <label key={title} className="choice">
          <input type="radio" name={id} checked={kind === isMultivariate} onChange={() => onChange(kind)} />
          <span>
            <span className="choice-title">{title}</span>
            <span className="soft small">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
