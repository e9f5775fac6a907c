/** How numbers, times and sizes are written. Pure, so that tests can hold them. */

const WHOLE = new Intl.NumberFormat('en-US')
const FULL_TIME = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})
const DAY = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

export const wholeNumber = (value: number): string => WHOLE.format(value)

const UNITS = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'B'],
] as const

/** 12,345 becomes 12.3k; what is below 10,000 is shown whole. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size < 10_000) return WHOLE.format(value)
  for (const [unit, letter] of UNITS) {
    // What would round up to a thousand belongs to the next unit.
    if (size < unit * 999.95) return `${Number((value / unit).toFixed(1))}${letter}`
  }
  return WHOLE.format(value)
}

export function shortSize(bytes: number): string {
  let size = bytes
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (size < 1024) return unit === 'B' ? `${size} B` : `${size.toFixed(1)} ${unit}`
    size /= 1024
  }
  return `${size.toFixed(1)} TiB`
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}

/** "12 s ago"; what lies ahead by more than a moment is "in 3 min". */
export function relativeTime(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1000
  if (Math.abs(seconds) < 1) return 'just now'
  const amount = coarse(Math.abs(seconds))
  return seconds > 0 ? `${amount} ago` : `in ${amount}`
}

export function coarse(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  const days = Math.floor(seconds / 86_400)
  if (days < 60) return `${days} d`
  return days < 730 ? `${Math.floor(days / 30.4)} months` : `${Math.floor(days / 365.25)} years`
}

export const fullTime = (time: Date): string => FULL_TIME.format(time)
export const dayName = (time: Date): string => DAY.format(time)
export const clockTime = (time: Date): string => CLOCK.format(time)

/** `missing_event_name` becomes "Missing event name". */
export function sentenceCase(name: string): string {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
