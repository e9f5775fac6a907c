import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { askQuery } from '../../api/ask-query'
import { useAddress, useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { duration } from '../../components/format'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { DatePicker } from '../../insights/date-picker'
import { fittedInterval, roughDays } from '../../insights/dates'
import { filterText } from '../../insights/filters'
import { InsightResult } from '../../insights/insight-result'
import { exactNumber, shownChange, shownNumber } from '../../insights/numbers'
import type { DateRange, InsightQuery, PropertyFilter } from '../../insights/query'
import { BreakdownCard } from './breakdown-card'
import { CARDS, readFilters, withFilter } from './web-cards'
import './web.css'

const METRICS: Record<string, { title: string; math?: string }> = {
  visitors: { title: 'Visitors', math: 'dau' },
  views: { title: 'Views', math: 'total' },
  sessions: { title: 'Sessions', math: 'unique_session' },
  'session duration': { title: 'Session duration' },
  'bounce rate': { title: 'Bounce rate' },
}

interface Figure {
  key: string
  kind: string
  value: number | null
  previous: number | null
  changeFromPreviousPct: number | null
  isIncreaseBad?: boolean
}

export default function WebPage() {
  const [parameters, setParameters] = useSearchParams()
  const [now] = useState(() => new Date())
  const range: DateRange = { date_from: parameters.get('from') ?? '-7d', date_to: parameters.get('to') }
  const filters = readFilters(parameters.get('filters'))
  const metric = parameters.get('metric') ?? 'visitors'
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
  const setFilters = (next: PropertyFilter[]) => put({ filters: next.length > 0 ? JSON.stringify(next) : null })
  const common = { dateRange: range, properties: filters }
  const trend: InsightQuery = {
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: '$pageview', custom_name: METRICS[metric]?.title ?? 'Visitors', math: METRICS[metric]?.math ?? 'dau' }],
    ...common,
    interval: fittedInterval('day', roughDays(range, now)),
    compareFilter: { compare: true },
  }
  return (
    <Page
      title="Web analytics"
      actions={
        <DatePicker
          range={range}
          right
          onChange={({ date_from, date_to }) => put({ from: date_from ?? null, to: date_to ?? null })}
        />
      }
    >
      {filters.length > 0 && <Chips filters={filters} onChange={setFilters} />}
      <Overview common={common} metric={metric} onMetric={(key) => put({ metric: key })} />
      <section className="card card-padded" aria-label="Over time">
        <InsightResult query={trend} compact />
      </section>
      <div className="web-cards">
        {CARDS.map((card) => (
          <BreakdownCard key={card.title} card={card} common={common} onFilter={(filter) => setFilters(withFilter(filters, filter))} />
        ))}
      </div>
    </Page>
  )
}

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

interface OverviewProps {
  common: { dateRange: DateRange; properties: PropertyFilter[] }
  metric: string
  onMetric: (key: string) => void
}

function Overview({ common, metric, onMetric }: OverviewProps) {
  const project = useProjectId()
  const at = useAddress()
  const overview = useQuery({
    queryKey: ['web-overview', project, common],
    queryFn: async ({ signal }) => {
      const query = { kind: 'WebOverviewQuery', ...common, compareFilter: { compare: true } }
      const answer = await askQuery(project, { query }, signal)
      return answer.results as unknown as Figure[]
    },
    placeholderData: (before) => before,
  })
  return (
    <Answer query={overview} skeletonLines={3}>
      {(figures) =>
        figures.every(({ value }) => !value) ? (
          <Empty
            icon="globe"
            title="No visits in these days"
            action={
              <Link to={at('start')} className="button">
                Add Hedgerow to a site
              </Link>
            }
          >
            Visits are counted from sessions with a pageview, as the web SDK sends them.
          </Empty>
        ) : (
          <div className="web-tiles">
            {figures.map((figure) => (
              <WebTile key={figure.key} figure={figure} current={figure.key === metric} onChoose={() => onMetric(figure.key)} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}

function shownValue(kind: string, value: number | null): string {
  if (value === null) return '–'
  if (kind === 'duration_s') return duration(value)
  return kind === 'percentage' ? `${value.toFixed(1)}%` : shownNumber(value)
}

function WebTile({ figure, current, onChoose }: { figure: Figure; current: boolean; onChoose: () => void }) {
  const { key, kind, value, previous, changeFromPreviousPct: percent } = figure
  const known = METRICS[key]
  const isGood = percent !== null && percent !== 0 && percent > 0 !== (figure.isIncreaseBad === true)
  const tone = percent === null || percent === 0 ? 'soft' : isGood ? 'web-good' : 'web-bad'
  const content = (
    <>
      <span className="soft">{known?.title ?? key}</span>
      <strong className="web-value" title={value === null ? '' : exactNumber(value)}>
        {shownValue(kind, value)}
      </strong>
      <span className={`small number ${tone}`} title={previous === null ? '' : `Before: ${exactNumber(previous)}`}>
        {shownChange(percent)} <span className="soft">from {shownValue(kind, previous)}</span>
      </span>
    </>
  )
  if (!known?.math) return <div className="web-tile">{content}</div>
  return (
    <button type="button" className="web-tile web-tile-button" aria-pressed={current} onClick={onChoose}>
      {content}
    </button>
  )
}
