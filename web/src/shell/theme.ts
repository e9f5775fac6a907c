/** Light, dark, or as the system wishes; remembered in this browser. */
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
const KEY = 'hedgerow-theme'
const listeners = new Set<() => void>()

export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyTheme(): void {
  const theme = storedTheme()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  applyTheme()
}

const SYSTEM_DARK = '(prefers-color-scheme: dark)'

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(SYSTEM_DARK)
  listeners.add(listener)
  media.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    media.removeEventListener('change', listener)
  }
}

/** What is shown now, for what cannot follow CSS by itself, such as charts. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () => {
    const theme = storedTheme()
    if (theme !== 'system') return theme
    return window.matchMedia(SYSTEM_DARK).matches ? 'dark' : 'light'
  })
}

/** What was chosen, `system` included. */
export const useStoredTheme = (): Theme => useSyncExternalStore(subscribe, storedTheme)
