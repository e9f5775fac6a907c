/** The tiles of web analytics, and how each one's numbers are shown; pure. */
import { duration } from '../../components/format'
import { shownNumber } from '../../insights/numbers'

export interface Metric {
  /** As the overview calls it. */
  key: string
  title: string
  /** As the trend calls it. */
  trend: string
  kind: 'unit' | 'duration_s' | 'percentage'
}

const VISITORS: Metric = { key: 'visitors', title: 'Visitors', trend: 'UniqueUsers', kind: 'unit' }

export const METRICS: readonly Metric[] = [
  VISITORS,
  { key: 'views', title: 'Views', trend: 'PageViews', kind: 'unit' },
  { key: 'sessions', title: 'Sessions', trend: 'Sessions', kind: 'unit' },
  { key: 'session duration', title: 'Session duration', trend: 'SessionDuration', kind: 'duration_s' },
  { key: 'bounce rate', title: 'Bounce rate', trend: 'Bounces', kind: 'percentage' },
]

export const metricOf = (key: string | null): Metric => METRICS.find((metric) => metric.key === key) ?? VISITORS

/** Without sessions there is no mean. */
export function shownMetric(kind: string, value: number | null): string {
  if (value === null) return '–'
  if (kind === 'duration_s') return duration(value)
  return kind === 'percentage' ? `${value.toFixed(1)}%` : shownNumber(value)
}
