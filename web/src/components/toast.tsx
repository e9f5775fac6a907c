import { Button } from './button'

interface ToastProps {
  text: string
  /** Takes back what was done. */
  onUndo?: (() => void) | undefined
  onClose: () => void
}

/** Says what was done, and offers to take it back: instead of asking before. */
export function Toast({ text, onUndo, onClose }: ToastProps) {
  return (
    <div className="toast" role="status">
      <span className="grow wrap">{text}</span>
      {onUndo && (
        <Button small onClick={onUndo}>
          Undo
        </Button>
      )}
      <Button small kind="quiet" icon="close" aria-label="Close this message" onClick={onClose} />
    </div>
  )
}
