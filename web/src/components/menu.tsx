import { useRef, useState, type ReactNode } from 'react'
import { useDismissed } from './dismiss'

interface MenuProps {
  label: string
  button: ReactNode
  buttonClass?: string
  /** Opens towards the left, for buttons at the right edge. */
  right?: boolean
  children: (close: () => void) => ReactNode
}

/** A button that opens a list. Escape and a click elsewhere close it; arrow keys move in it. */
export function Menu({ label, button, buttonClass = 'button', right, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const close = () => setOpen(false)
  useDismissed(box, open, close)
  return (
    <div
      ref={box}
      className={right ? 'menu menu-right' : 'menu'}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          close()
          box.current?.querySelector('button')?.focus()
        }
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault()
          moveFocus(box.current, event.key === 'ArrowDown' ? 1 : -1)
        }
      }}
    >
      <button
        type="button"
        className={buttonClass}
        aria-label={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && <div className="menu-items">{children(close)}</div>}
    </div>
  )
}

function moveFocus(box: HTMLElement | null, step: number): void {
  const items = [...(box?.querySelectorAll<HTMLElement>('.menu-item') ?? [])]
  const at = items.findIndex((item) => item === document.activeElement)
  items[(at + step + items.length) % items.length]?.focus()
}
