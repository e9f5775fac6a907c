/** What Home shows before anybody has pinned a dashboard; pure. */
import { firstQuery, type InsightQuery, type Series } from '../../insights/query'

interface DefaultInsight {
  name: string
  query: InsightQuery
  wide: boolean
}

/** Pages where the project has them, every event otherwise. */
export function defaultInsights(events: readonly string[]): DefaultInsight[] {
  const main = events.includes('$pageview') ? '$pageview' : null
  const series = (math?: string): Series => ({ kind: 'EventsNode', event: main, ...(math ? { math } : {}) })
  const month = { date_from: '-30d' }
  const trends = firstQuery('TrendsQuery')
  return [
    {
      name: 'Active people',
      query: { ...trends, series: [{ ...series('dau'), custom_name: 'Each day' }, { ...series('weekly_active'), custom_name: 'In 7 days' }] },
      wide: true,
    },
    {
      name: main === null ? 'Events by browser' : 'Pageviews by browser',
      query: { ...trends, series: [series()], breakdownFilter: { breakdown: '$browser', breakdown_type: 'event', breakdown_limit: 6 }, trendsFilter: { display: 'ActionsBar' } },
      wide: false,
    },
    { name: 'Who comes, stays and leaves', query: { ...firstQuery('LifecycleQuery'), series: [series()], dateRange: month }, wide: false },
    { name: 'Who comes back', query: firstQuery('RetentionQuery'), wide: false },
    main === null
      ? { name: 'Days active', query: { ...firstQuery('StickinessQuery'), series: [series()] }, wide: false }
      : {
          name: 'Most viewed pages',
          query: { ...trends, series: [series()], breakdownFilter: { breakdown: '$pathname', breakdown_type: 'event', breakdown_limit: 8 }, trendsFilter: { display: 'ActionsBarValue' } },
          wide: false,
        },
  ]
}
