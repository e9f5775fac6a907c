import { useState, type ReactNode } from 'react'
import { AnnotatedLines } from '../annotations/annotated-lines'
import { Button } from '../components/button'
import { Answer, Empty } from '../components/states'
import { Ago } from '../components/time'
import { useInsight, type InsightAnswer, type Point } from './ask'
import { rangeText } from './dates'
import { FunnelResult } from './funnel-result'
import { funnelLines } from './funnel'
import { isEmptyAnswer, linesOf } from './lines'
import { pathEdges } from './paths'
import { PathsResult } from './paths-result'
import { PeopleDialog } from './people-dialog'
import { missing, type InsightQuery } from './query'
import { RetentionResult } from './retention-result'
import { retentionRows } from './retention'
import './insights.css'

interface InsightResultProps {
  query: InsightQuery
  onChange?: (query: InsightQuery) => void
  /** Smaller and without the table, for a tile. */
  compact?: boolean
  /** Of the drawing, in pixels. */
  height?: number
  remarks?: readonly { day: string; text: string }[]
  /** What stands beside "computed … ago". */
  footer?: (answer: InsightAnswer) => ReactNode
}

/** The answer of any insight, with the people behind its points. */
export function InsightResult({ query, onChange, compact, height, remarks, footer }: InsightResultProps) {
  const lacking = missing(query)
  const { query: found, cancel, refresh } = useInsight(query, lacking === null)
  const [point, setPoint] = useState<Point | null>(null)
  if (lacking !== null) return <Empty icon="chart" title={lacking} />
  return (
    <div className="stack">
      <Answer query={found} onCancel={cancel} skeletonLines={compact ? 6 : 9}>
        {(answer) => (
          <div className="stack">
            {isEmpty(answer.results, query) ? (
              <NothingFound query={query} {...(onChange ? { onChange } : {})} />
            ) : (
              <Result
                key={query.kind}
                answer={answer}
                query={query}
                onPoint={setPoint}
                compact={compact ?? false}
                {...(height === undefined ? {} : { height })}
                {...(onChange ? { onChange } : {})}
                {...(remarks ? { remarks } : {})}
              />
            )}
            <div className="row row-wrap insight-foot soft small">
              <span>
                Computed <Ago time={answer.last_refresh} />
              </span>
              <Button small kind="quiet" icon="refresh" disabled={found.isFetching} onClick={refresh}>
                Refresh
              </Button>
              <span className="grow">{!compact && `Days of ${answer.timezone}`}</span>
              {footer?.(answer)}
            </div>
          </div>
        )}
      </Answer>
      {point && <PeopleDialog point={point} onClose={() => setPoint(null)} />}
    </div>
  )
}

function isEmpty(results: unknown, query: InsightQuery): boolean {
  switch (query.kind) {
    case 'FunnelsQuery':
      if (query.funnelsFilter?.funnelVizType === 'time_to_convert') return false
      if (query.funnelsFilter?.funnelVizType === 'trends') return linesOf(results, query).length === 0
      return funnelLines(results).every(({ steps }) => (steps[0]?.count ?? 0) === 0)
    case 'RetentionQuery':
      return retentionRows(results, query, new Date()).every(({ size }) => size === 0)
    case 'PathsQuery':
      return pathEdges(results).length === 0
    default:
      return isEmptyAnswer(linesOf(results, query))
  }
}

function NothingFound({ query, onChange }: { query: InsightQuery; onChange?: (query: InsightQuery) => void }) {
  const { properties, ...unfiltered } = query
  const isWide = query.dateRange?.date_from === 'all'
  return (
    <Empty
      icon="chart"
      title={`No events match: ${rangeText(query.dateRange).toLowerCase()}`}
      action={
        onChange && (
          <div className="row row-wrap">
            {properties && <Button onClick={() => onChange(unfiltered)}>Clear the filters</Button>}
            {!isWide && (
              <Button onClick={() => onChange({ ...query, dateRange: { date_from: '-90d' } })}>
                Look at the last 90 days
              </Button>
            )}
          </div>
        )
      }
    />
  )
}

interface ResultProps {
  answer: InsightAnswer
  query: InsightQuery
  onPoint: (point: Point) => void
  onChange?: (query: InsightQuery) => void
  compact: boolean
  height?: number
  remarks?: readonly { day: string; text: string }[]
}

function Result({ answer: { results }, ...props }: ResultProps) {
  switch (props.query.kind) {
    case 'FunnelsQuery':
      return <FunnelResult results={results} {...props} />
    case 'RetentionQuery':
      return <RetentionResult results={results} {...props} />
    case 'PathsQuery':
      return <PathsResult results={results} {...props} />
    default:
      return <AnnotatedLines results={results} {...props} />
  }
}
