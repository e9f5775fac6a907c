/** Ranges of time as they are chosen and said; pure. */
import type { DateRange, Interval } from './query'

export const PRESETS: readonly (readonly [from: string, to: string | null, text: string])[] = [
  ['dStart', null, 'Today'],
  ['-1dStart', '-1dEnd', 'Yesterday'],
  ['-24h', null, 'Last 24 hours'],
  ['-7d', null, 'Last 7 days'],
  ['-14d', null, 'Last 14 days'],
  ['-30d', null, 'Last 30 days'],
  ['-90d', null, 'Last 90 days'],
  ['-180d', null, 'Last 180 days'],
  ['mStart', null, 'This month'],
  ['-1mStart', '-1mEnd', 'Last month'],
  ['yStart', null, 'Year to date'],
  ['all', null, 'All time'],
]

/** One key for what is looked at most, as web analytics have them. */
export const DATE_KEYS: readonly (readonly [key: string, from: string, text: string])[] = [
  ['t', 'dStart', 'Today'],
  ['w', '-7d', 'Last 7 days'],
  ['m', '-30d', 'Last 30 days'],
  ['q', '-90d', 'Last 90 days'],
  ['y', 'yStart', 'Year to date'],
  ['a', 'all', 'All time'],
]

const UNITS: Record<string, string> = { h: 'hours', d: 'days', w: 'weeks', m: 'months', y: 'years' }
export const ROLLING_UNITS = Object.entries(UNITS)

const DEFAULT_FROM = '-7d'
const ROLLING = /^-(\d+)([hdwmy])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

export function rangeText(range: DateRange | undefined): string {
  const from = range?.date_from ?? DEFAULT_FROM
  const to = range?.date_to ?? null
  const preset = PRESETS.find(([start, end]) => start === from && end === to)
  if (preset) return preset[2]
  const rolling = rollingOf(range)
  if (rolling) return `Last ${rolling.count} ${rolling.count === 1 ? rolling.unitText.slice(0, -1) : rolling.unitText}`
  return to === null ? `Since ${dayText(from)}` : `${dayText(from)} to ${dayText(to)}`
}

const dayText = (date: string): string => (DAY.test(date.slice(0, 10)) ? date.slice(0, 10) : date)

export function rollingOf(range: DateRange | undefined) {
  if (range?.date_to) return null
  const found = ROLLING.exec(range?.date_from ?? DEFAULT_FROM)
  if (!found) return null
  const unit = found[2] ?? 'd'
  return { count: Number(found[1]), unit, unitText: UNITS[unit] ?? 'days' }
}

const DAYS_OF: Record<string, number> = { h: 1 / 24, d: 1, w: 7, m: 30.4, y: 365 }

/** About how many days a range has; enough to know which intervals make sense. */
export function roughDays(range: DateRange | undefined, now: Date): number {
  const from = range?.date_from ?? DEFAULT_FROM
  if (from === 'all') return 3650
  if (from === 'dStart' || from === '-1dStart') return 1
  if (from === 'mStart' || from === '-1mStart') return 31
  if (from === 'yStart') return 366
  const rolling = ROLLING.exec(from)
  if (rolling) return Number(rolling[1]) * (DAYS_OF[rolling[2] ?? 'd'] ?? 1)
  const start = new Date(from).getTime()
  const end = range?.date_to ? new Date(range.date_to).getTime() : now.getTime()
  if (Number.isNaN(start) || Number.isNaN(end)) return 30
  return Math.max(1, (end - start) / 86_400_000 + 1)
}

const INTERVALS: readonly (readonly [interval: Interval, text: string, daysMin: number, daysMax: number])[] = [
  ['hour', 'Hour', 0, 15],
  ['day', 'Day', 1, 400],
  ['week', 'Week', 7, Infinity],
  ['month', 'Month', 28, Infinity],
]

/** Those that give neither one point nor thousands. */
export function sensibleIntervals(days: number): (readonly [Interval, string])[] {
  return INTERVALS.filter(([, , min, max]) => days >= min && days <= max).map(([id, text]) => [id, text])
}

/** The wished interval if it makes sense, or the finest that does. */
export function fittedInterval(wished: Interval | undefined, days: number): Interval {
  const fitting = sensibleIntervals(days).map(([id]) => id)
  if (wished && fitting.includes(wished)) return wished
  return fitting.find((id) => id !== 'hour' || days <= 2) ?? 'day'
}
