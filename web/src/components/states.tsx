/** What a page shows when there is nothing to show, not yet, or no more. */
import { useEffect, useState, type ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { ApiError } from '../api/client'
import { Button } from './button'
import { Icon, type IconName } from './icon'

const SHOW_ELAPSED_AFTER_SECONDS = 3
const OFFER_CANCEL_AFTER_SECONDS = 5

interface EmptyProps {
  icon: IconName
  title: string
  children?: ReactNode
  /** The one thing to do next. */
  action?: ReactNode
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** What went wrong and what to do, in that order. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, hint } = explained(error)
  return (
    <div className="notice notice-danger" role="alert">
      <Icon name="warning" />
      <div className="grow">
        <strong>{title}</strong>
        <div className="soft">{hint}</div>
      </div>
      {onRetry && (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

export function explained(error: unknown): { title: string; hint: string } {
  if (!(error instanceof ApiError)) {
    return { title: 'This page has failed.', hint: `Reload it. ${String(error)}` }
  }
  return { title: error.detail, hint: HINTS[error.code] ?? hintByStatus(error.status) }
}

const HINTS: Record<string, string> = {
  unreachable: 'Is `hedgerow serve` running, and your network up? Events already acknowledged are safe.',
  core_unavailable: 'The server is starting. Events go on being accepted meanwhile.',
  query_timeout: 'A shorter time range, or fewer columns, makes it faster.',
  query_memory_limit: 'A shorter time range, or fewer groups, needs less memory.',
  conflict: 'Discard your changes to see what it is now.',
  throttled: 'Other queries are running just now.',
}

function hintByStatus(status: number): string {
  if (status === 403) return 'Ask an admin of this Hedgerow for the right to do this.'
  if (status === 404) return 'It may have been deleted, or merged into another.'
  if (status >= 500) return "The server's log has the details under this id."
  return ''
}

export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div className="stack" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <SkeletonLine key={line} share={94 - ((line * 17) % 45)} />
      ))}
    </div>
  )
}

function SkeletonLine({ share }: { share: number }) {
  return <span className="skeleton" style={{ width: `${share}%` }} />
}

/** Seconds since this was first shown. */
export function useElapsedSeconds(running: boolean): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (!running) return undefined
    const started = Date.now()
    const timer = setInterval(() => setSeconds((Date.now() - started) / 1000), 250)
    return () => {
      clearInterval(timer)
      setSeconds(0)
    }
  }, [running])
  return running ? seconds : 0
}

interface AnswerProps<T> {
  query: UseQueryResult<T>
  /** Gives up the question; the button comes after a few seconds. */
  onCancel?: () => void
  skeletonLines?: number
  children: (data: T) => ReactNode
}

/** A question's answer, or what there is until then: skeleton, seconds, cancel, error. */
export function Answer<T>({ query, onCancel, skeletonLines, children }: AnswerProps<T>) {
  const waiting = query.isPending && query.fetchStatus !== 'idle'
  const seconds = useElapsedSeconds(waiting)
  if (query.data !== undefined) {
    return (
      <div className={query.isPlaceholderData ? 'refreshing' : undefined}>
        {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </div>
    )
  }
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div className="stack">
      <Skeleton {...(skeletonLines === undefined ? {} : { lines: skeletonLines })} />
      {seconds >= SHOW_ELAPSED_AFTER_SECONDS && (
        <div className="row soft">
          <span className="number">{Math.floor(seconds)} s</span>
          {onCancel && seconds >= OFFER_CANCEL_AFTER_SECONDS && (
            <Button small onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
