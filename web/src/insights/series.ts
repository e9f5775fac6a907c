/** Changes to a list of series; each gives a new list. */
import { shownEventName } from '../components/event-name'
import type { Series } from './query'

/** What a series is called, in a sentence. */
export const seriesText = ({ custom_name, name, event }: Series): string =>
  custom_name ?? name ?? shownEventName(event ?? 'All events')

/** Series are named by one letter each. */
export const SERIES_MAX = 26

export function added(series: readonly Series[], event: string | null = '$pageview'): Series[] {
  if (series.length >= SERIES_MAX) return [...series]
  return [...series, { kind: 'EventsNode', event }]
}

export function removed(series: readonly Series[], index: number): Series[] {
  return series.filter((_, at) => at !== index)
}

export function duplicated(series: readonly Series[], index: number): Series[] {
  const found = series[index]
  if (!found || series.length >= SERIES_MAX) return [...series]
  return [...series.slice(0, index + 1), structuredClone(found), ...series.slice(index + 1)]
}

export function moved(series: readonly Series[], index: number, step: -1 | 1): Series[] {
  const other = index + step
  const [one, two] = [series[index], series[other]]
  if (!one || !two) return [...series]
  const next = [...series]
  next[index] = two
  next[other] = one
  return next
}

export function replaced(series: readonly Series[], index: number, change: Partial<Series>): Series[] {
  return series.map((item, at) => (at === index ? without({ ...item, ...change }) : item))
}

/** Another event is another question: its name and what was counted of it are kept, filters too. */
export function withEvent(series: readonly Series[], index: number, event: string | null): Series[] {
  return series.map((item, at) => {
    if (at !== index) return item
    const { name: _name, custom_name: _custom, id: _id, ...rest } = item
    return { ...rest, kind: 'EventsNode' as const, event }
  })
}

export function withMath(series: readonly Series[], index: number, math: string): Series[] {
  return series.map((item, at) => {
    if (at !== index) return item
    const { math: _math, math_hogql: _sql, ...rest } = item
    return math === 'total' ? rest : { ...rest, math }
  })
}

/** Fields set to undefined or left empty are no part of a query. */
function without(series: Series): Series {
  return Object.fromEntries(
    Object.entries(series).filter(([, value]) => value !== undefined && value !== ''),
  ) as unknown as Series
}

export const MATHS: readonly (readonly [id: string, text: string, group: string])[] = [
  ['total', 'Total count', 'Events'],
  ['first_time_for_user', 'First time ever', 'Events'],
  ['first_matching_event_for_user', 'First matching the filters', 'Events'],
  ['dau', 'Unique users', 'People'],
  ['weekly_active', 'Weekly active users', 'People'],
  ['monthly_active', 'Monthly active users', 'People'],
  ['unique_session', 'Unique sessions', 'People'],
  ['avg_count_per_actor', 'Count per user, average', 'People'],
  ['median_count_per_actor', 'Count per user, median', 'People'],
  ['max_count_per_actor', 'Count per user, maximum', 'People'],
  ['p90_count_per_actor', 'Count per user, 90th percentile', 'People'],
  ['sum', 'Sum', 'Value of a property'],
  ['avg', 'Average', 'Value of a property'],
  ['median', 'Median', 'Value of a property'],
  ['min', 'Minimum', 'Value of a property'],
  ['max', 'Maximum', 'Value of a property'],
  ['p75', '75th percentile', 'Value of a property'],
  ['p90', '90th percentile', 'Value of a property'],
  ['p95', '95th percentile', 'Value of a property'],
  ['p99', '99th percentile', 'Value of a property'],
  ['hogql', 'SQL expression', 'Other'],
]
