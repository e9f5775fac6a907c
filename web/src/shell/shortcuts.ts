/** Keys without a modifier. They can be switched off: not everybody presses keys on purpose. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

const KEY = 'hedgerow-shortcuts'
const SEQUENCE_MS = 1500
const listeners = new Set<() => void>()

export const areShortcutsOn = (): boolean => localStorage.getItem(KEY) !== 'off'

export function setShortcutsOn(on: boolean): void {
  if (on) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, 'off')
  for (const listener of listeners) listener()
}

export function useShortcutsOn(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, areShortcutsOn)
}

// A key that waits for the next one, and since when.
let first: { key: string; at: number } | null = null

/** The key, or the two of a sequence such as `g h`; empty while a sequence waits. Pure but for what it remembers. */
export function pressed(key: string, at: number): string {
  const begun = first !== null && at - first.at < SEQUENCE_MS ? first.key : null
  first = begun === null && key === 'g' ? { key, at } : null
  if (first !== null) return ''
  return begun === null ? key : `${begun} ${key}`
}

/** A key pressed in a field, a dialog or the editor is meant for that. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true
  const target = event.target instanceof HTMLElement ? event.target : null
  return target !== null && (target.isContentEditable || target.closest('input, textarea, select, dialog, .sql-editor, .menu-items') !== null)
}

// One listener for the page; what is shown adds its own keys.
const bindings = new Set<(keys: string) => void>()

function onKey(event: KeyboardEvent): void {
  if (!areShortcutsOn() || isElsewhere(event) || event.key.length !== 1) return
  const keys = pressed(event.key, event.timeStamp)
  if (keys !== '') for (const binding of bindings) binding(keys)
}

/** Calls what belongs to the keys while the component is shown. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const act = useEffectEvent((keys: string) => {
    // Only own keys: somebody may press what an object inherits.
    if (Object.hasOwn(actions, keys)) actions[keys]?.()
  })
  useEffect(() => {
    const binding = (keys: string) => act(keys)
    if (bindings.size === 0) document.addEventListener('keydown', onKey)
    bindings.add(binding)
    return () => {
      bindings.delete(binding)
      if (bindings.size === 0) document.removeEventListener('keydown', onKey)
    }
  }, [])
}
