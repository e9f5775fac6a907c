import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { Button } from '../../components/button'
import { Select } from '../../components/fields'
import { Card, Page } from '../../components/page'
import { DatePicker } from '../../insights/date-picker'
import { fittedInterval, roughDays, sensibleIntervals } from '../../insights/dates'
import { filterText } from '../../insights/filters'
import { InsightResult } from '../../insights/insight-result'
import { firstQuery, type DateRange, type InsightQuery, type Interval, type PropertyFilter, type Series } from '../../insights/query'
import { AnswersAge } from '../dashboards/answers-age'
import { BreakdownCard } from './breakdown-card'
import { GoalsCard } from './goals-card'
import { LiveVisitors } from './live-visitors'
import { metricOf } from './metrics'
import { Overview } from './overview'
import { CARDS, readFilters, withFilter } from './web-cards'
import { WebChart } from './web-chart'
import type { WebCommon } from './web-query'
import './web.css'

export default function WebPage() {
  const [parameters, put] = useParameters()
  const [now] = useState(() => new Date())
  const range: DateRange = { date_from: parameters.get('from') ?? '-7d', date_to: parameters.get('to') }
  const filters = readFilters(parameters.get('filters'))
  const metric = metricOf(parameters.get('metric'))
  const days = roughDays(range, now)
  const interval = fittedInterval((parameters.get('interval') ?? 'day') as Interval, days)
  const setFilters = (next: PropertyFilter[]) => put({ filters: next.length > 0 ? JSON.stringify(next) : null })
  const common: WebCommon = { dateRange: range, properties: filters }
  return (
    <Page
      title="Web analytics"
      actions={
        <>
          <LiveVisitors />
          <DatePicker range={range} onChange={({ date_from, date_to }) => put({ from: date_from ?? null, to: date_to ?? null })} />
          <Select label="Interval" hideLabel value={interval} options={sensibleIntervals(days)} onChange={(chosen) => put({ interval: chosen })} />
          <AnswersAge />
        </>
      }
    >
      {filters.length > 0 && <Chips filters={filters} onChange={setFilters} />}
      <Overview common={common} metric={metric.key} onMetric={(key) => put({ metric: key })} />
      <section className="card card-padded" aria-label="Over time">
        <WebChart common={common} interval={interval} metric={metric} />
      </section>
      <div className="web-cards">
        {CARDS.map((card) => (
          <BreakdownCard key={card.title} card={card} common={common} onFilter={(filter) => setFilters(withFilter(filters, filter))} />
        ))}
        <GoalsCard common={common} />
        <Card title="Retention">
          <InsightResult query={retention(filters)} compact />
        </Card>
        <div className="web-wide">
          <Card title="Active hours">
            <InsightResult query={activeHours(common)} compact />
          </Card>
        </div>
      </div>
    </Page>
  )
}

/** The state of the page is in its address. */
function useParameters() {
  const [parameters, setParameters] = useSearchParams()
  const put = (change: Record<string, string | null>) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(change)) {
          if (value === null) next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace: true },
    )
  return [parameters, put] as const
}

const VISITORS: Series = { kind: 'EventsNode', event: '$pageview', custom_name: 'Visitors', math: 'dau' }

/** Who saw a page, and in which of the next weeks again. Its weeks are its own. */
function retention(properties: PropertyFilter[]): InsightQuery {
  const query = firstQuery('RetentionQuery')
  const view = { id: '$pageview', type: 'events' as const }
  return {
    ...query,
    retentionFilter: { ...query.retentionFilter, targetEntity: view, returningEntity: view },
    ...(properties.length > 0 ? { properties } : {}),
  }
}

const activeHours = ({ dateRange, properties }: WebCommon): InsightQuery => ({
  kind: 'TrendsQuery',
  series: [VISITORS],
  dateRange,
  trendsFilter: { display: 'CalendarHeatmap' },
  ...(properties.length > 0 ? { properties } : {}),
})

function Chips({ filters, onChange }: { filters: PropertyFilter[]; onChange: (filters: PropertyFilter[]) => void }) {
  return (
    <ul className="row row-wrap" aria-label="Filters">
      {filters.map((filter) => (
        <li key={filterText(filter)}>
          <Button small aria-label={`Remove the filter ${filterText(filter)}`} onClick={() => onChange(filters.filter((one) => one !== filter))}>
            <span className="cut">{filterText(filter)}</span> ×
          </Button>
        </li>
      ))}
      {filters.length > 1 && (
        <li>
          <Button small kind="quiet" onClick={() => onChange([])}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  )
}
