import { useState } from 'react'
import { Icon } from '../components/icon'
import { Menu } from '../components/menu'
import { Button } from '../components/button'
import { useShortcuts } from '../shell/shortcuts'
import { DATE_KEYS, PRESETS, rangeText, rollingOf, ROLLING_UNITS } from './dates'
import type { DateRange } from './query'

interface DatePickerProps {
  range: DateRange | undefined
  onChange: (range: DateRange) => void
  right?: boolean
  /** What is said where no dates are chosen; the API's default otherwise. */
  unset?: string
}

/** Presets, a rolling range, or two days. */
export function DatePicker({ range, onChange, right, unset }: DatePickerProps) {
  const text = range === undefined && unset !== undefined ? unset : rangeText(range)
  useShortcuts(Object.fromEntries(DATE_KEYS.map(([key, from]) => [key, () => onChange({ date_from: from, date_to: null })])))
  return (
    <Menu
      label={`Dates: ${text}`}
      {...(right ? { right } : {})}
      button={
        <>
          <Icon name="calendar" />
          {text}
          <Icon name="chevron" />
        </>
      }
    >
      {(close) => (
        <DateChoices
          range={range}
          chosen={text}
          onChoose={(next) => {
            onChange(next)
            close()
          }}
        />
      )}
    </Menu>
  )
}

interface DateChoicesProps {
  range: DateRange | undefined
  chosen: string
  onChoose: (range: DateRange) => void
}

function DateChoices({ range, chosen, onChoose }: DateChoicesProps) {
  return (
    <div className="dates">
      <div className="dates-presets">
        {PRESETS.map(([from, to, text]) => (
          <button
            key={text}
            type="button"
            className="menu-item"
            aria-pressed={text === chosen}
            onClick={() => onChoose({ date_from: from, date_to: to })}
          >
            <span className="grow">{text}</span>
            {text === chosen && <Icon name="check" />}
          </button>
        ))}
      </div>
      <div className="dates-own">
        <Rolling range={range} onChoose={onChoose} />
        <Days range={range} onChoose={onChoose} />
      </div>
    </div>
  )
}

const COUNT_MAX = 3650

function Rolling({ range, onChoose }: Omit<DateChoicesProps, 'chosen'>) {
  const now = rollingOf(range)
  const [count, setCount] = useState(String(now?.count ?? 30))
  const [unit, setUnit] = useState(now?.unit ?? 'd')
  const number = Number(count)
  const isGood = Number.isInteger(number) && number > 0 && number <= COUNT_MAX
  return (
    <form
      className="stack-small"
      onSubmit={(event) => {
        event.preventDefault()
        if (isGood) onChoose({ date_from: `-${number}${unit}`, date_to: null })
      }}
    >
      <span className="field-label">In the last</span>
      <div className="row">
        <input
          className="input dates-count"
          type="number"
          min={1}
          max={COUNT_MAX}
          aria-label="How many"
          value={count}
          onChange={(event) => setCount(event.target.value)}
        />
        <select className="input" aria-label="Unit" value={unit} onChange={(event) => setUnit(event.target.value)}>
          {ROLLING_UNITS.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
        <Button small type="submit" disabled={!isGood}>
          Apply
        </Button>
      </div>
    </form>
  )
}

const DAY = /^\d{4}-\d{2}-\d{2}/
const dayOf = (date: string | null | undefined): string => DAY.exec(date ?? '')?.[0] ?? ''

function Days({ range, onChoose }: Omit<DateChoicesProps, 'chosen'>) {
  const [from, setFrom] = useState(dayOf(range?.date_from))
  const [to, setTo] = useState(dayOf(range?.date_to))
  const isGood = from !== '' && (to === '' || from <= to)
  return (
    <form
      className="stack-small"
      onSubmit={(event) => {
        event.preventDefault()
        if (isGood) onChoose({ date_from: from, date_to: to === '' ? null : to })
      }}
    >
      <span className="field-label">From one day to another</span>
      <input className="input" type="date" aria-label="First day" value={from} onChange={(event) => setFrom(event.target.value)} />
      <input className="input" type="date" aria-label="Last day" value={to} onChange={(event) => setTo(event.target.value)} />
      <Button small type="submit" disabled={!isGood}>
        Apply
      </Button>
    </form>
  )
}
