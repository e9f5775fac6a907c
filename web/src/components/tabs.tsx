import { Link } from './link'

interface TabLinksProps {
  label: string
  /** The last part of each tab's address, and its name. */
  tabs: readonly (readonly [to: string, text: string])[]
  current: string
}

/** Tabs that are pages of their own, so that each has an address. */
export function TabLinks({ label, tabs, current }: TabLinksProps) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([to, text]) => (
        <Link key={to} to={to} className="tab" current={to === current}>
          {text}
        </Link>
      ))}
    </nav>
  )
}

interface TabButtonsProps<T extends string> {
  label: string
  tabs: readonly (readonly [id: T, text: string])[]
  current: T
  onChange: (id: T) => void
}

/** Tabs within a page. The arrow keys move between them. */
export function TabButtons<T extends string>(props: TabButtonsProps<T>) {
  const { label, tabs, current, onChange } = props
  const move = (step: number) => {
    const at = tabs.findIndex(([id]) => id === current)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (next) onChange(next[0])
  }
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1)
        if (event.key === 'ArrowLeft') move(-1)
      }}
    >
      {tabs.map(([id, text]) => (
        <button
          key={id}
          type="button"
          role="tab"
          className="tab"
          aria-selected={id === current}
          tabIndex={id === current ? 0 : -1}
          ref={(element) => {
            const list = element?.parentElement
            if (id === current && list?.contains(document.activeElement)) element?.focus()
          }}
          onClick={() => onChange(id)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
