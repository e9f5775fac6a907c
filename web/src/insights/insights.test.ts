import { describe, expect, it } from 'vitest'
import { asked } from './ask'
import { fittedInterval, rangeText, roughDays, sensibleIntervals } from './dates'
import { answerCsv } from './export'
import { asFilters, asGroup, narrowed, wholeFilters, withOperator } from './filters'
import { barParts, funnelLines, funnelPoint, type FunnelStep } from './funnel'
import { firstShown, linesOf, pointOf } from './lines'
import { change, exactNumber, shownNumber, shownShare } from './numbers'
import { pathFunnel } from './path-funnel'
import { nodeText, pathNodes, pathPoint } from './paths'
import { firstQuery, KINDS, missing, readQuery, switched } from './query'
import { questionOfText, questionText } from './question'
import { meanShares, retentionRows } from './retention'
import { added, duplicated, moved, removed, withEvent, withMath } from './series'

const pageview = { kind: 'EventsNode', event: '$pageview' } as const
const signup = { kind: 'EventsNode', event: 'signed up' } as const

describe('a query in the address', () => {
  it.each(KINDS)('comes back as it went: %s', (kind) => {
    const query = { ...firstQuery(kind), properties: [{ key: 'plan', type: 'event', value: ['"pro" & co'] }] }
    expect(questionOfText(questionText(query))).toEqual(query)
  })

  it.each([null, '', '{', '[]', 'null', '{"kind":"Nothing"}', '{"kind":"TrendsQuery","series":[1]}', '{"kind":"TrendsQuery","dateRange":3}'])(
    'is none where it is broken: %s',
    (text) => expect(questionOfText(text)).toBeNull(),
  )

  it('is unwrapped from the nodes that show it', () => {
    const source = firstQuery('FunnelsQuery')
    expect(readQuery({ kind: 'InsightVizNode', source })).toEqual(source)
  })
})

describe('another kind of insight', () => {
  it('keeps events, dates and filters', () => {
    const trends = { ...firstQuery('TrendsQuery'), series: [pageview, signup], dateRange: { date_from: '-90d' }, properties: [{ key: 'a', type: 'event' }] }
    const funnel = switched(trends, 'FunnelsQuery')
    expect(funnel).toMatchObject({ kind: 'FunnelsQuery', series: trends.series, dateRange: trends.dateRange, properties: trends.properties })
    expect(funnel).not.toHaveProperty('trendsFilter')
    expect(switched(trends, 'LifecycleQuery').series).toEqual([pageview])
  })

  it('says what is missing before the server is asked', () => {
    expect(missing(firstQuery('FunnelsQuery'))).toMatch(/two steps/)
    expect(missing({ kind: 'TrendsQuery', series: [pageview, { ...signup, math: 'sum' }] })).toMatch(/property of B/)
    expect(missing(firstQuery('TrendsQuery'))).toBeNull()
  })
})

describe('the editor of series', () => {
  it('adds, doubles, moves and removes without touching the old list', () => {
    const series = [pageview, signup]
    expect(added(series)).toHaveLength(3)
    expect(duplicated(series, 0)).toEqual([pageview, pageview, signup])
    expect(moved(series, 0, 1)).toEqual([signup, pageview])
    expect(moved(series, 0, -1)).toEqual(series)
    expect(removed(series, 0)).toEqual([signup])
    expect(series).toEqual([pageview, signup])
  })

  it('never has more than the letters of the alphabet', () => {
    const full = Array.from({ length: 26 }, () => pageview)
    expect(added(full)).toHaveLength(26)
    expect(duplicated(full, 3)).toHaveLength(26)
  })

  it('forgets the own name when the event is another', () => {
    expect(withEvent([{ ...pageview, custom_name: 'Views', math: 'dau' }], 0, null)).toEqual([
      { kind: 'EventsNode', event: null, math: 'dau' },
    ])
    expect(withMath([{ ...pageview, math: 'dau' }], 0, 'total')).toEqual([pageview])
  })
})

describe('filters', () => {
  const plan = { key: 'plan', type: 'event', operator: 'exact', value: ['pro'] }

  it('are a list where all must match and a group otherwise', () => {
    expect(asFilters(asGroup([plan]))).toEqual([plan])
    expect(asFilters({ type: 'OR', values: [plan] })).toEqual({ type: 'OR', values: [plan] })
    expect(asFilters({ type: 'OR', values: [] })).toBeUndefined()
  })

  it('are not sent before they are whole, in groups neither', () => {
    const empty = { ...plan, value: [] }
    expect(wholeFilters({ type: 'OR', values: [plan, empty, { type: 'AND', values: [empty] }] })).toEqual({ type: 'OR', values: [plan] })
    expect(asked({ ...firstQuery('TrendsQuery'), properties: [empty] })).not.toHaveProperty('properties')
  })

  it('keep their value as far as another operator takes it', () => {
    expect(withOperator(plan, 'icontains').value).toBe('pro')
    expect(withOperator({ ...plan, operator: 'gt', value: 3 }, 'between').value).toEqual([3, ''])
    expect(withOperator(plan, 'is_set')).not.toHaveProperty('value')
  })

  it('grow by one that all must match, also beside alternatives', () => {
    const either = { type: 'OR' as const, values: [plan] }
    expect(narrowed(either, plan)).toEqual([either, plan])
  })
})

describe('dates', () => {
  it('are said as people say them', () => {
    expect(rangeText({ date_from: '-30d' })).toBe('Last 30 days')
    expect(rangeText({ date_from: '-5w' })).toBe('Last 5 weeks')
    expect(rangeText({ date_from: '2026-03-01', date_to: '2026-03-09' })).toBe('2026-03-01 to 2026-03-09')
    expect(rangeText(undefined)).toBe('Last 7 days')
  })

  it('offer no interval that gives one point or thousands', () => {
    const now = new Date('2026-03-10T12:00:00Z')
    expect(sensibleIntervals(roughDays({ date_from: '-90d' }, now)).map(([id]) => id)).toEqual(['day', 'week', 'month'])
    expect(fittedInterval('hour', 90)).toBe('day')
    expect(fittedInterval('week', 90)).toBe('week')
    expect(fittedInterval('day', 1 / 24)).toBe('hour')
  })
})

describe('numbers', () => {
  it('show the digits of the API, whole on hover', () => {
    expect(shownNumber(1234567.891)).toBe('1,234,567.89')
    expect(exactNumber(1234567.891)).toBe('1,234,567.891')
    expect(shownShare(1, 3)).toBe('33.3%')
    expect(shownShare(0, 0)).toBe('–')
    expect(change(15, 10)).toBe(50)
    expect(change(1, 0)).toBeNull()
  })
})

const trendsItem = (label: string, data: number[], more = {}) => ({
  label,
  action: { order: 0, name: label, custom_name: null },
  data,
  days: ['2026-03-01', '2026-03-02'],
  labels: ['1-Mar-2026', '2-Mar-2026'],
  count: data.reduce((sum, value) => sum + value, 0),
  ...more,
})

describe('lines', () => {
  const query = firstQuery('TrendsQuery')

  it('give what is compared the colour of what it is compared with', () => {
    const lines = linesOf(
      [trendsItem('a', [1, 2], { compare_label: 'current' }), trendsItem('a', [3, 4], { compare_label: 'previous' })],
      query,
    )
    expect(lines.map(({ colour, isPrevious, total }) => [colour, isPrevious, total])).toEqual([[1, false, 3], [1, true, 7]])
  })

  it('name what is left of a breakdown', () => {
    const lines = linesOf(
      ['pro', '$$_posthog_breakdown_other_$$', '$$_posthog_breakdown_null_$$'].map((breakdown_value) => trendsItem('a', [1, 1], { breakdown_value })),
      query,
    )
    expect(lines.map(({ name, isRest }) => [name, isRest])).toEqual([['pro', false], ['Other', true], ['None', true]])
  })

  it('show as many at first as there are colours', () => {
    const many = Array.from({ length: 25 }, (_, at) => trendsItem('a', [1, 1], { breakdown_value: `v${at}` }))
    expect(firstShown(linesOf(many, query), 'ActionsLineGraph').size).toBe(8)
    expect(firstShown(linesOf(many, query), 'ActionsPie').size).toBe(25)
  })

  it('name the point whose people are asked for', () => {
    const [line] = linesOf([trendsItem('a', [1, 2], { breakdown_value: 'pro', compare_label: 'previous' })], query)
    expect(line && pointOf(query, line, 1)?.source).toEqual({
      kind: 'InsightActorsQuery', source: query, series: 0, day: '2026-03-02', breakdown: 'pro', compare: 'previous',
    })
  })

  it('have nobody behind a formula', () => {
    const [line] = linesOf([{ ...trendsItem('A / B', [1, 2]), action: null }], query)
    expect(line && pointOf(query, line, 0)).toBeNull()
  })

  it('are the rows of the file', () => {
    expect(answerCsv([trendsItem('a', [1, 2.5])], query)).toBe('series,period,total,1-Mar-2026,2-Mar-2026\r\na,current,3.5,1,2.5\r\n')
  })
})

const steps = (...counts: number[]): FunnelStep[] =>
  counts.map((count, order) => ({ order, name: `s${order}`, custom_name: null, count, average_conversion_time: null, median_conversion_time: null }))

describe('a funnel', () => {
  it('is full as far as people came and hatched where they were lost', () => {
    expect(barParts(steps(200, 100, 25), 2)).toEqual({ converted: 0.125, dropped: 0.375, droppedCount: 75 })
    expect(barParts(steps(200, 100, 25), 0)).toEqual({ converted: 1, dropped: 0, droppedCount: 0 })
    expect(barParts(steps(0, 0), 1)).toEqual({ converted: 0, dropped: 0, droppedCount: 0 })
  })

  it('asks for those who came, and for those who did not', () => {
    const query = firstQuery('FunnelsQuery')
    const [line] = funnelLines([steps(3, 2).map((step) => ({ ...step, breakdown_value: ['pro'] }))])
    expect(line?.name).toBe('pro')
    expect(line && funnelPoint(query, line, 1, true).source).toMatchObject({ funnelStep: -2, funnelStepBreakdown: ['pro'] })
    expect(line && funnelPoint(query, line, 1, false).source).toMatchObject({ funnelStep: 2 })
  })
})

describe('a retention', () => {
  const query = { ...firstQuery('RetentionQuery'), retentionFilter: { period: 'Day' as const } }
  const results = [
    { label: 'Day 0', date: '2026-03-01', values: [{ count: 10 }, { count: 5 }, { count: 2 }] },
    { label: 'Day 1', date: '2026-03-02', values: [{ count: 30 }, { count: 3 }, { count: 0 }] },
  ]
  const rows = retentionRows(results, query, new Date('2026-03-03T12:00:00Z'))

  it('knows what is still going on and what is yet to come', () => {
    expect(rows[0]?.cells.map(({ isRunning, isFuture }) => [isRunning, isFuture])).toEqual([[false, false], [false, false], [true, false]])
    expect(rows[1]?.cells.map(({ isRunning, isFuture }) => [isRunning, isFuture])).toEqual([[false, false], [true, false], [false, true]])
  })

  it('has a mean over the rows that have had the time', () => {
    expect(meanShares(rows, 'weighted')).toEqual([1, 0.5, null])
  })
})

describe('paths', () => {
  const edges = [
    { source: '1_https://a.example/', target: '2_https://a.example/cart?x=1', value: 7, average_conversion_time: 1000 },
    { source: '1_https://a.example/', target: '2_bought', value: 3, average_conversion_time: 1000 },
  ]

  it('show pages by their path, and count what goes through a step', () => {
    expect(edges.map(({ target }) => nodeText(target))).toEqual(['/cart?x=1', 'bought'])
    expect(pathNodes(edges).map(({ step, count }) => [step, count])).toEqual([[1, 10], [2, 7], [2, 3]])
  })

  it('become the funnel of the widest way to a step', () => {
    const more = [...edges, { source: '2_https://a.example/cart?x=1', target: '3_bought', value: 2, average_conversion_time: 1 }, { source: '2_bought', target: '3_bought', value: 1, average_conversion_time: 1 }]
    const query = { ...firstQuery('PathsQuery'), pathsFilter: { includeEventTypes: ['$pageview', 'custom_event'] } }
    const { kind, series } = pathFunnel(query, more, '3_bought')
    expect(kind).toBe('FunnelsQuery')
    expect(series?.map(({ event, custom_name }) => [event, custom_name])).toEqual([
      ['$pageview', '/'],
      ['$pageview', '/cart?x=1'],
      ['bought', 'bought'],
    ])
    expect(series?.[0]?.properties).toMatchObject([{ value: ['https://a.example/', 'https://a.example'] }])
  })

  it('ask for who went along an edge', () => {
    expect(pathPoint(firstQuery('PathsQuery'), '1_a', '2_b').source.source.pathsFilter).toMatchObject({ pathStartKey: '1_a', pathEndKey: '2_b' })
  })
})
