import { useEffect, type RefObject } from 'react'

/** Calls `onDismiss` when something outside of `box` is pressed, or gets the focus. */
export function useDismissed(
  box: RefObject<HTMLElement | null>,
  open: boolean,
  onDismiss: () => void,
): void {
  useEffect(() => {
    if (!open) return undefined
    const onElsewhere = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) onDismiss()
    }
    document.addEventListener('pointerdown', onElsewhere)
    document.addEventListener('focusin', onElsewhere)
    return () => {
      document.removeEventListener('pointerdown', onElsewhere)
      document.removeEventListener('focusin', onElsewhere)
    }
  })
}
