import { useId } from 'react'

interface ShareFieldProps {
  label: string
  /** What it is a share of. */
  text: string
  share: number
  error?: string | undefined
  onChange: (share: number) => void
}

/** A percentage, by sliding or by typing. */
export function ShareField({ label, text, share, error, onChange }: ShareFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <div className="share">
        <input
          type="range"
          className="share-slide"
          aria-label={`${label}, as a slider`}
          min={0}
          max={100}
          value={share}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <div className="row">
          <input
            type="number"
            className="input share-number"
            aria-label={label}
            aria-describedby={error ? `${id}-error` : undefined}
            aria-invalid={error ? true : undefined}
            min={0}
            max={100}
            step="any"
            value={share}
            onChange={(event) => onChange(Number(event.target.value))}
          />
          <span className="soft">% {text}</span>
        </div>
      </div>
      {error && (
        <span id={`${id}-error`} className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
