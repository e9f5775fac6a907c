/** A question in SQL, kept like an insight; pure. */
import type { DateRange } from './query'

export interface SqlInsight {
  kind: 'DataVisualizationNode'
  source: SqlSource
  display: SqlDisplay
}

export interface SqlSource {
  kind: 'HogQLQuery'
  query: string
  filters?: { dateRange: DateRange }
}

export type SqlDisplay = 'ActionsTable' | 'ActionsLineGraph'

export const SQL_KIND = 'HogQLQuery'

export const sqlInsight = (query: string, display: SqlDisplay = 'ActionsTable', dateRange?: DateRange): SqlInsight => ({
  kind: 'DataVisualizationNode',
  source: { kind: SQL_KIND, query, ...(dateRange ? { filters: { dateRange } } : {}) },
  display,
})

const FIRST = `SELECT toDate(timestamp) AS day, count() AS events, uniq(person_id) AS people
FROM events
WHERE {filters}
GROUP BY day
ORDER BY day`

export const FIRST_SQL_INSIGHT = sqlInsight(FIRST, 'ActionsLineGraph', { date_from: '-30d' })

/** Out of what was stored or sent by link, with or without the node that shows it; null if it is none. */
export function readSqlInsight(value: unknown): SqlInsight | null {
  if (typeof value !== 'object' || value === null) return null
  const { kind, source, query, display, filters } = value as Record<string, unknown>
  if (kind === 'DataVisualizationNode' || kind === 'DataTableNode') {
    const inner = readSqlInsight(source)
    const isTable = display === undefined || display === 'ActionsTable'
    return inner && { ...inner, display: isTable ? 'ActionsTable' : 'ActionsLineGraph' }
  }
  if (kind !== SQL_KIND || typeof query !== 'string') return null
  return sqlInsight(query, 'ActionsTable', (filters as SqlSource['filters'] | undefined)?.dateRange)
}

/** Only a query that says where they go can be put between dates. */
export const takesDates = ({ source }: SqlInsight): boolean => /\{\s*filters\b/.test(source.query)

/** Within other dates; a query without a place for them stays as it is. */
export function withSqlDates(question: SqlInsight, dateRange: DateRange | null): SqlInsight {
  if (!dateRange?.date_from || !takesDates(question)) return question
  return sqlInsight(question.source.query, question.display, dateRange)
}
