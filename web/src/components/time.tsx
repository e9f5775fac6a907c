import { useEffect, useState } from 'react'
import { fullTime, relativeTime, shortNumber, wholeNumber } from './format'

const TICK_MS = 5000

/** "12 s ago", kept current; the whole time on hover. */
export function Ago({ time }: { time: string }) {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const parsed = new Date(time)
  if (Number.isNaN(parsed.getTime())) return <span>{time}</span>
  const later = now.getTime() < parsed.getTime() ? parsed : now
  // An event just sent may be some milliseconds ahead of this page's clock.
  const shown = parsed.getTime() - now.getTime() < 2 * TICK_MS ? later : now
  return (
    <time dateTime={time} title={fullTime(parsed)} className="number">
      {relativeTime(parsed, shown)}
    </time>
  )
}

/** 12.3k, with all digits on hover. */
export function Count({ value }: { value: number }) {
  return (
    <span className="number" title={wholeNumber(value)}>
      {shortNumber(value)}
    </span>
  )
}
