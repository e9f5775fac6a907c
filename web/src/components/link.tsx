import type { ReactNode } from 'react'
import { Link as RouterLink } from 'wouter'

interface LinkProps {
  to: string
  className?: string
  current?: boolean
  title?: string
  onClick?: () => void
  children: ReactNode
}

/** A link to one of our own pages; `to` begins with a slash. */
export function Link({ to, current, ...rest }: LinkProps) {
  return <RouterLink to={to} aria-current={current ? 'page' : undefined} {...rest} />
}

/** The address if a browser may follow it safely; null for `javascript:` and the like. */
export function safeAddress(text: string): string | null {
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
  } catch {
    return null
  }
}

/** A link out of an event's value. Where the address could run script, it is only text. */
export function ExternalLink({ address, children }: { address: string; children?: ReactNode }) {
  const safe = safeAddress(address)
  if (safe === null) return <>{children ?? address}</>
  return (
    // eslint-disable-next-line no-restricted-syntax -- checked just above
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children ?? address}
    </a>
  )
}
