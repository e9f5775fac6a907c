import { useEffect, useRef, type ReactNode } from 'react'
import { Button } from './button'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  actions?: ReactNode
}

/** The browser's own dialog: it holds the focus and closes with Escape. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => element.current?.showModal(), [])
  return (
    <dialog ref={element} className="dialog" aria-label={title} onClose={onClose}>
      <div className="dialog-body">
        <h2>{title}</h2>
        {children}
        <div className="dialog-actions">
          <Button onClick={onClose}>{actions ? 'Cancel' : 'Close'}</Button>
          {actions}
        </div>
      </div>
    </dialog>
  )
}
