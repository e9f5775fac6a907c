import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useDismissed } from './dismiss'
import { Icon } from './icon'

export interface PickerOption {
  id: string
  name: string
  /** Options of one group stand together under its name. */
  group?: string
  hint?: string
}

interface PickerProps {
  /** What is chosen here, for screen readers; the button shows the choice itself. */
  label: string
  button: ReactNode
  buttonClass?: string
  options: readonly PickerOption[]
  /** The ids that are chosen. */
  chosen?: readonly string[]
  onChoose: (id: string) => void
  /** Stays open, for choosing several. */
  several?: boolean
  /** The options are found elsewhere, by what is typed. */
  onSearch?: (text: string) => void
  /** What is typed may be chosen as it is. */
  free?: boolean
  disabled?: boolean
}

const WIDTH_PX = 300
const EDGE_PX = 12
const SHOWN_MAX = 200

/** A button that opens a list with a search. Arrow keys move, Enter chooses, Escape closes. */
export function Picker(props: PickerProps) {
  const [left, setLeft] = useState<number | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const close = () => {
    setLeft(null)
    props.onSearch?.('')
  }
  useDismissed(box, left !== null, close)
  const open = (button: HTMLElement) => {
    const { left: start } = button.getBoundingClientRect()
    const width = Math.min(WIDTH_PX, window.innerWidth - 2 * EDGE_PX)
    setLeft(Math.min(0, window.innerWidth - EDGE_PX - width - start))
  }
  const choose = (id: string) => {
    props.onChoose(id)
    if (props.several) return
    close()
    box.current?.querySelector('button')?.focus()
  }
  return (
    <div
      ref={box}
      className="menu picker"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || left === null) return
        // Inside a dialog, only the list closes.
        event.preventDefault()
        event.stopPropagation()
        close()
        box.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        className={props.buttonClass ?? 'button'}
        aria-label={props.label}
        aria-expanded={left !== null}
        aria-haspopup="listbox"
        disabled={props.disabled}
        onClick={(event) => (left === null ? open(event.currentTarget) : close())}
      >
        {props.button}
      </button>
      {left !== null && (
        <div className="menu-items picker-items" style={{ left }}>
          <PickerList {...props} onChoose={choose} />
        </div>
      )}
    </div>
  )
}

function PickerList(props: PickerProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const shown = found(props, text)
  const current = shown[Math.min(at, shown.length - 1)]
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && shown.length > 0) {
      event.preventDefault()
      setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length)
    }
    if (event.key === 'Enter' && current) {
      event.preventDefault()
      props.onChoose(current.id)
    }
  }
  return (
    <>
      <input
        className="input"
        role="combobox"
        aria-label={`${props.label}: search`}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={current ? `${id}-${shown.indexOf(current)}` : undefined}
        placeholder={props.free ? 'Search, or type a value' : 'Search'}
        autoComplete="off"
        autoFocus
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
          props.onSearch?.(event.target.value)
        }}
      />
      <div id={id} role="listbox" aria-label={props.label} className="picker-list">
        {shown.map((option, index) => (
          <Option
            key={`${option.group ?? ''} ${option.id}`}
            id={`${id}-${index}`}
            option={option}
            isGroupFirst={option.group !== undefined && option.group !== shown[index - 1]?.group}
            current={option === current}
            chosen={props.chosen?.includes(option.id) ?? false}
            onChoose={props.onChoose}
          />
        ))}
      </div>
      {shown.length === 0 && <p className="picker-none soft">Nothing found.</p>}
    </>
  )
}

function found({ options, free }: PickerProps, text: string): PickerOption[] {
  const wanted = text.trim().toLowerCase()
  // What is found elsewhere comes later than what is typed: until then, no old option may be chosen by Enter.
  const matching = options.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted))
  const typed = text.trim()
  const isNew = free && typed !== '' && !options.some(({ id }) => id === typed)
  return [...(isNew ? [{ id: typed, name: typed, hint: 'as typed' }] : []), ...matching].slice(0, SHOWN_MAX)
}

interface OptionProps {
  id: string
  option: PickerOption
  isGroupFirst: boolean
  current: boolean
  chosen: boolean
  onChoose: (id: string) => void
}

function Option({ id, option, isGroupFirst, current, chosen, onChoose }: OptionProps) {
  return (
    <>
      {isGroupFirst && (
        <div className="picker-group" role="presentation">
          {option.group}
        </div>
      )}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        className={current ? 'menu-item menu-item-current' : 'menu-item'}
        title={option.id}
        ref={(element) => {
          if (current) element?.scrollIntoView({ block: 'nearest' })
        }}
        // The search keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onChoose(option.id)}
      >
        <span className="cut grow">{option.name}</span>
        {option.hint && <span className="soft small">{option.hint}</span>}
        {chosen && <Icon name="check" />}
      </div>
    </>
  )
}
