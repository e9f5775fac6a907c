/** A question about events, as `POST query/` takes it (docs/api.md). One shape for all kinds, so that
 * going from one kind to another keeps what both understand. */

export const KINDS = [
  ['TrendsQuery', 'Trends'],
  ['FunnelsQuery', 'Funnel'],
  ['RetentionQuery', 'Retention'],
  ['PathsQuery', 'Paths'],
  ['StickinessQuery', 'Stickiness'],
  ['LifecycleQuery', 'Lifecycle'],
] as const

export type Kind = (typeof KINDS)[number][0]
export type Interval = 'hour' | 'day' | 'week' | 'month'

export type FilterValue = string | number | boolean | null | (string | number | boolean)[]

export interface PropertyFilter {
  key: string
  type: string
  operator?: string
  value?: FilterValue
  group_type_index?: number
}

export interface FilterGroup {
  type: 'AND' | 'OR'
  values: Filter[]
}

export type Filter = PropertyFilter | FilterGroup

/** A list means that all must match. */
export type Filters = FilterGroup | Filter[]

export interface Series {
  kind: 'EventsNode' | 'ActionsNode'
  /** Null is every event. */
  event?: string | null
  id?: number
  name?: string
  custom_name?: string
  math?: string
  math_property?: string
  math_property_type?: string
  math_hogql?: string
  math_group_type_index?: number
  properties?: Filters
}

export interface DateRange {
  date_from?: string | null
  date_to?: string | null
}

export interface BreakdownPart {
  /** A property's name, or a cohort's number. */
  property: string | number
  type: string
  group_type_index?: number
}

export interface Breakdown {
  breakdown?: string | number | (string | number)[]
  breakdown_type?: string
  breakdown_limit?: number
  breakdown_group_type_index?: number
  breakdown_histogram_bin_count?: number
  breakdown_hide_other_aggregation?: boolean
  /** Several at once; then the fields above are empty but for the limit. */
  breakdowns?: BreakdownPart[]
}

export interface Exclusion extends Series {
  funnelFromStep: number
  funnelToStep: number
}

export interface FunnelsFilter {
  funnelOrderType?: 'ordered' | 'strict' | 'unordered'
  funnelVizType?: 'steps' | 'time_to_convert' | 'trends'
  funnelWindowInterval?: number
  funnelWindowIntervalUnit?: string
  exclusions?: Exclusion[]
  breakdownAttributionType?: string
  breakdownAttributionValue?: number
}

export interface Entity {
  /** The event's name; null is every event. */
  id: string | null
  type: 'events'
  properties?: Filters
}

export interface RetentionFilter {
  retentionType?: string
  period?: 'Hour' | 'Day' | 'Week' | 'Month'
  totalIntervals?: number
  targetEntity?: Entity
  returningEntity?: Entity
  cumulative?: boolean
  minimumOccurrences?: number
  meanRetentionCalculation?: 'simple' | 'weighted' | 'none'
  retentionReference?: 'total' | 'previous'
  timeWindowMode?: 'strict_calendar_dates' | '24_hour_windows'
}

export interface PathsFilter {
  includeEventTypes?: string[]
  stepLimit?: number
  edgeLimit?: number
  startPoint?: string
  endPoint?: string
  excludeEvents?: string[]
  pathStartKey?: string
  pathEndKey?: string
}

export interface TrendsFilter {
  display?: string
  formula?: string
  smoothingIntervals?: number
  /** False draws areas over each other; the page's own. */
  isStacked?: boolean
}

export interface InsightQuery {
  kind: Kind
  series?: Series[]
  dateRange?: DateRange
  interval?: Interval
  properties?: Filters
  breakdownFilter?: Breakdown
  compareFilter?: { compare?: boolean; compare_to?: string }
  trendsFilter?: TrendsFilter
  funnelsFilter?: FunnelsFilter
  retentionFilter?: RetentionFilter
  pathsFilter?: PathsFilter
  stickinessFilter?: { computedAs?: 'cumulative' | 'non_cumulative' }
}

const PAGEVIEW: Series = { kind: 'EventsNode', event: '$pageview' }

/** What is asked where nothing is said: something that most projects can answer. */
export function firstQuery(kind: Kind): InsightQuery {
  switch (kind) {
    case 'TrendsQuery':
      return { kind, series: [PAGEVIEW], dateRange: { date_from: '-30d' }, interval: 'day' }
    case 'FunnelsQuery':
      return { kind, series: [PAGEVIEW], dateRange: { date_from: '-30d' } }
    case 'RetentionQuery':
      return {
        kind,
        dateRange: { date_from: '-5w' },
        retentionFilter: {
          retentionType: 'retention_first_time',
          period: 'Week',
          totalIntervals: 6,
          targetEntity: { id: null, type: 'events' },
          returningEntity: { id: null, type: 'events' },
        },
      }
    case 'PathsQuery':
      return {
        kind,
        dateRange: { date_from: '-30d' },
        pathsFilter: { includeEventTypes: ['$pageview'], stepLimit: 5, edgeLimit: 50 },
      }
    case 'StickinessQuery':
      return { kind, series: [PAGEVIEW], dateRange: { date_from: '-30d' }, interval: 'day' }
    case 'LifecycleQuery':
      return { kind, series: [PAGEVIEW], dateRange: { date_from: '-30d' }, interval: 'day' }
  }
}

/** The same question in another form: series, dates and filters go along where they have a meaning. */
export function switched(query: InsightQuery, kind: Kind): InsightQuery {
  const next = firstQuery(kind)
  if (query.properties) next.properties = query.properties
  // A retention's rows are counted in its own periods, so its dates are no other's.
  if (query.dateRange && kind !== 'RetentionQuery' && query.kind !== 'RetentionQuery') {
    next.dateRange = query.dateRange
  }
  if (next.interval && query.interval) next.interval = query.interval
  if (query.series?.length && next.series) {
    next.series = kind === 'LifecycleQuery' ? query.series.slice(0, 1) : query.series
  }
  if (query.breakdownFilter && hasBreakdown(kind)) next.breakdownFilter = query.breakdownFilter
  return next
}

export const hasBreakdown = (kind: Kind): boolean => kind === 'TrendsQuery' || kind === 'FunnelsQuery'

const isKind = (kind: unknown): kind is Kind => KINDS.some(([known]) => known === kind)

/** The query that a page can edit, out of what was stored or sent by link; null if it is none. */
export function readQuery(value: unknown): InsightQuery | null {
  if (typeof value !== 'object' || value === null) return null
  const node = value as Record<string, unknown>
  if ('source' in node) return readQuery(node.source)
  if (!isKind(node.kind)) return null
  if (node.series !== undefined && !Array.isArray(node.series)) return null
  const { series, dateRange } = node
  if (Array.isArray(series) && !series.every((item) => typeof item === 'object' && item !== null)) return null
  if (dateRange !== undefined && (typeof dateRange !== 'object' || dateRange === null)) return null
  return { ...firstQuery(node.kind), ...(node as Partial<InsightQuery>), kind: node.kind }
}

/** What is missing before it can be asked, as a sentence; null when nothing is. */
export function missing(query: InsightQuery): string | null {
  const count = query.series?.length ?? 0
  if (query.kind === 'FunnelsQuery' && count < 2) return 'A funnel needs two steps. Add the second one.'
  if (query.kind === 'LifecycleQuery' && count > 1) return 'A lifecycle is about one event.'
  for (const [index, series] of (query.series ?? []).entries()) {
    if (needsProperty(series.math) && !series.math_property) {
      return `Choose which property of ${letter(index)} to calculate with.`
    }
    if (series.math === 'hogql' && !series.math_hogql) return `Write the expression of ${letter(index)}.`
  }
  return null
}

const PROPERTY_MATHS = new Set(['sum', 'avg', 'min', 'max', 'median', 'p75', 'p90', 'p95', 'p99'])

export const needsProperty = (math: string | undefined): boolean => PROPERTY_MATHS.has(math ?? '')

/** A, B, C: how formulas call the series. */
export const letter = (index: number): string => String.fromCharCode(65 + index)
