import { useState } from 'react'

interface DraftFieldProps {
  label: string
  value: string
  onCommit: (value: string) => void
  placeholder?: string
  type?: 'text' | 'number' | 'date'
  min?: number
  max?: number
  className?: string | undefined
}

/** A field whose text counts once it is left, or Enter is pressed: not at every key. */
export function DraftField({ label, value, onCommit, className, ...rest }: DraftFieldProps) {
  // Another value from elsewhere begins a new draft.
  return (
    <Draft key={value} label={label} value={value} onCommit={onCommit} className={className} {...rest} />
  )
}

function Draft({ label, value, onCommit, className, ...rest }: DraftFieldProps) {
  const [text, setText] = useState(value)
  const commit = () => {
    if (text !== value) onCommit(text)
  }
  return (
    <input
      className={`input ${className ?? ''}`}
      aria-label={label}
      value={text}
      autoComplete="off"
      {...rest}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}
