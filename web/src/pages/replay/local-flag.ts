import { useState } from 'react'

/** A choice that this browser remembers. */
export function useLocalFlag(name: string, without: boolean): [boolean, (flag: boolean) => void] {
  const key = `hedgerow-${name}`
  const [flag, setFlag] = useState(() => {
    const kept = localStorage.getItem(key)
    return kept === null ? without : kept === 'yes'
  })
  const change = (next: boolean) => {
    localStorage.setItem(key, next ? 'yes' : 'no')
    setFlag(next)
  }
  return [flag, change]
}
