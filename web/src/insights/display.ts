/** How a trend is drawn, and what of the question goes with it; pure. */
import type { InsightQuery } from './query'

export const DISPLAYS: readonly (readonly [display: string, text: string])[] = [
  ['ActionsLineGraph', 'Line'],
  ['area', 'Area'],
  ['ActionsAreaGraph', 'Area, stacked'],
  ['ActionsBar', 'Bars, stacked'],
  ['ActionsUnstackedBar', 'Bars, side by side'],
  ['ActionsLineGraphCumulative', 'Line, cumulative'],
  ['BoldNumber', 'Number'],
  ['ActionsBarValue', 'Bars of totals'],
  ['ActionsPie', 'Pie'],
  ['ActionsTable', 'Table'],
  ['WorldMap', 'World map'],
  ['CalendarHeatmap', 'Hours of the week'],
]

export const COUNTRY = '$geoip_country_code'
// Every country there is.
const COUNTRIES_MAX = 300

/** The entry of `DISPLAYS`: an area graph is stacked unless it says otherwise, as elsewhere. */
export function displayOf(query: InsightQuery): string {
  if (query.kind === 'LifecycleQuery') return 'lifecycle'
  if (query.kind === 'StickinessQuery') return 'ActionsUnstackedBar'
  const { display = 'ActionsLineGraph', isStacked } = query.trendsFilter ?? {}
  return display === 'ActionsAreaGraph' && isStacked === false ? 'area' : display
}

/** The question drawn another way. A map is by country, a calendar by nothing but its hours. */
export function withDisplay(query: InsightQuery, chosen: string): InsightQuery {
  const { trendsFilter: { isStacked: _isStacked, ...filter } = {}, breakdownFilter, ...rest } = query
  const trendsFilter =
    chosen === 'area' ? { ...filter, display: 'ActionsAreaGraph', isStacked: false } : { ...filter, display: chosen }
  const next = { ...rest, trendsFilter }
  if (chosen === 'CalendarHeatmap') return next
  if (chosen === 'WorldMap') {
    return { ...next, breakdownFilter: { breakdown: COUNTRY, breakdown_type: 'event', breakdown_limit: COUNTRIES_MAX } }
  }
  return breakdownFilter ? { ...next, breakdownFilter } : next
}

/** These say themselves what they split by. */
export const choosesBreakdown = (display: string): boolean => display === 'WorldMap' || display === 'CalendarHeatmap'

/** One number for each line, over the whole range: there are no buckets to smooth. */
export const isOfTotals = (display: string): boolean =>
  ['BoldNumber', 'ActionsBarValue', 'ActionsPie', 'ActionsTable', 'WorldMap', 'CalendarHeatmap'].includes(display)
