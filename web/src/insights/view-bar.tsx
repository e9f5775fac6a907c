import { useState } from 'react'
import { Select } from '../components/fields'
import { DatePicker } from './date-picker'
import { fittedInterval, roughDays, sensibleIntervals } from './dates'
import type { DateRange, InsightQuery, Interval } from './query'
import { Compare } from './compare'
import { displayOf, DISPLAYS, isOfTotals, withDisplay } from './display'

interface ViewBarProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

const SMOOTHINGS = [
  ['1', 'Not smoothed'],
  ['7', 'Mean of 7'],
  ['28', 'Mean of 28'],
] as const

/** Dates, interval, comparison and drawing: what stands above a chart. */
export function ViewBar({ query, onChange }: ViewBarProps) {
  const [now] = useState(() => new Date())
  const { kind } = query
  const days = roughDays(query.dateRange, now)
  const display = displayOf(query)
  const hasBuckets = !isOfTotals(display)
  const hasIntervals = query.interval !== undefined || query.funnelsFilter?.funnelVizType === 'trends'
  if (kind === 'RetentionQuery') return null
  const setRange = (dateRange: DateRange) => {
    const next = { ...query, dateRange }
    onChange(hasIntervals ? { ...next, interval: fittedInterval(query.interval, roughDays(dateRange, now)) } : next)
  }
  return (
    <div className="row row-wrap view-bar">
      <DatePicker range={query.dateRange} onChange={setRange} />
      {hasIntervals && hasBuckets && (
        <Select
          label="Interval"
          hideLabel
          value={query.interval ?? 'day'}
          options={withChosen(sensibleIntervals(days), query.interval)}
          onChange={(interval) => onChange({ ...query, interval: interval as Interval })}
        />
      )}
      {(kind === 'TrendsQuery' || kind === 'StickinessQuery') && display !== 'CalendarHeatmap' && display !== 'WorldMap' && (
        <Compare query={query} onChange={onChange} />
      )}
      {kind === 'TrendsQuery' && (
        <>
          <Select
            label="Shown as"
            hideLabel
            value={display}
            options={DISPLAYS}
            onChange={(chosen) => onChange(withDisplay(query, chosen))}
          />
          {hasBuckets && (
            <Select
              label="Smoothing"
              hideLabel
              value={String(query.trendsFilter?.smoothingIntervals ?? 1)}
              options={SMOOTHINGS}
              onChange={(count) =>
                onChange({ ...query, trendsFilter: { ...query.trendsFilter, smoothingIntervals: Number(count) } })
              }
            />
          )}
        </>
      )}
    </div>
  )
}

/** A link may ask for an interval that the list would not offer. */
function withChosen(options: readonly (readonly [Interval, string])[], chosen: Interval | undefined) {
  if (chosen === undefined || options.some(([id]) => id === chosen)) return options
  return [...options, [chosen, chosen.charAt(0).toUpperCase() + chosen.slice(1)] as const]
}
