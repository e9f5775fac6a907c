import type { DateRange, InsightQuery, Interval } from '../../insights/query'

/** How often a flag gave which answer, as a trend. */
export function usageQuery(key: string, math: string, dateRange: DateRange, interval: Interval): InsightQuery {
  return {
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: '$feature_flag_called', math }],
    properties: [{ key: '$feature_flag', type: 'event', operator: 'exact', value: [key] }],
    breakdownFilter: { breakdown: '$feature_flag_response', breakdown_type: 'event' },
    dateRange,
    interval,
  }
}
