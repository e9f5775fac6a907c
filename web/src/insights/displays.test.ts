import { describe, expect, it } from 'vitest'
import { countryName } from '../components/country'
import { asked } from './ask'
import { ofParts, partsOf, withPart } from './breakdown'
import { calendarRows } from './calendar'
import { displayOf, withDisplay } from './display'
import { bySeries, lineBefore, linesOf } from './lines'
import { firstQuery, type InsightQuery } from './query'
import { worldOption } from './world-option'

const trends = firstQuery('TrendsQuery')
const item = (more: object) => ({
  label: '$pageview',
  action: { order: 0, name: '$pageview', custom_name: null },
  data: [],
  days: [],
  labels: [],
  count: 0,
  ...more,
})

describe('a drawing', () => {
  it('of an area is stacked unless it says otherwise', () => {
    expect(displayOf({ ...trends, trendsFilter: { display: 'ActionsAreaGraph' } })).toBe('ActionsAreaGraph')
    const area = withDisplay(trends, 'area')
    expect(area.trendsFilter).toEqual({ display: 'ActionsAreaGraph', isStacked: false })
    expect(displayOf(area)).toBe('area')
    expect(withDisplay(area, 'ActionsBar').trendsFilter).toEqual({ display: 'ActionsBar' })
  })

  it('of the world is by country, of the week by its hours alone', () => {
    const byPlan: InsightQuery = { ...trends, breakdownFilter: { breakdown: 'plan' }, trendsFilter: { formula: 'A/2' } }
    expect(withDisplay(byPlan, 'WorldMap')).toMatchObject({
      breakdownFilter: { breakdown: '$geoip_country_code' },
      trendsFilter: { formula: 'A/2', display: 'WorldMap' },
    })
    expect(withDisplay(byPlan, 'CalendarHeatmap')).not.toHaveProperty('breakdownFilter')
    expect(withDisplay(byPlan, 'ActionsPie').breakdownFilter).toEqual({ breakdown: 'plan' })
  })
})

describe('breakdowns', () => {
  const plan = { property: 'plan', type: 'event' }
  const browser = { property: '$browser', type: 'person' }

  it('are one in the old fields and several in a list, and come back the same', () => {
    const old = { breakdown_limit: 5, breakdown_hide_other_aggregation: true }
    expect(ofParts([plan], old)).toEqual({ breakdown: 'plan', breakdown_type: 'event', ...old })
    const both = ofParts([plan, browser], old)
    expect(both).toEqual({ breakdowns: [plan, browser], ...old })
    expect(partsOf(both)).toEqual([plan, browser])
    expect(partsOf(ofParts([browser], undefined))).toEqual([browser])
    expect(ofParts([], old)).toBeUndefined()
  })

  it('keep the type of a group', () => {
    const tier = { property: 'tier', type: 'group', group_type_index: 0 }
    expect(partsOf(ofParts([tier], undefined))).toEqual([tier])
  })

  it('have nothing beside a cohort', () => {
    const cohort = { property: 3, type: 'cohort' }
    expect(withPart([plan, browser], 2, cohort)).toEqual([cohort])
    expect(withPart([cohort], 0, plan)).toEqual([plan])
    expect(withPart([plan], 1, browser)).toEqual([plan, browser])
  })
})

describe('lines', () => {
  it('name countries, and leave hostile codes alone', () => {
    const query = withDisplay(trends, 'WorldMap')
    const lines = linesOf(['DE', '<b>', '$$_posthog_breakdown_null_$$'].map((breakdown_value) => item({ breakdown_value, aggregated_value: 1 })), query)
    expect(lines.map(({ name }) => name)).toEqual(['Germany', '<b>', 'None'])
    expect([countryName('constructor'), countryName('ZZ'), countryName('')]).toEqual(['constructor', 'Unknown Region', ''])
  })

  it('call several values other only where all of them are', () => {
    const other = '$$_posthog_breakdown_other_$$'
    const values = [[other, other], ['pro', '$$_posthog_breakdown_null_$$']]
    const lines = linesOf(values.map((breakdown_value) => item({ breakdown_value })), trends)
    expect(lines.map(({ name, isRest }) => [name, isRest])).toEqual([['Other', true], ['pro, None', false]])
  })

  it('know the one they are compared with, of the same series and value', () => {
    const of = (breakdown_value: string, compare_label: string, count: number) => item({ breakdown_value, compare_label, count })
    const lines = linesOf([of('a', 'current', 1), of('b', 'current', 2), of('b', 'previous', 3), of('a', 'previous', 4)], trends)
    expect(lines.slice(0, 2).map((line) => lineBefore(line, lines)?.total)).toEqual([4, 3])
    expect(lines[2] && lineBefore(lines[2], lines)).toBeUndefined()
  })

  it('stand apart by series', () => {
    const query = { ...trends, series: [{ kind: 'EventsNode' as const, event: 'a' }, { kind: 'EventsNode' as const, event: 'b' }] }
    const of = (order: number, name: string, breakdown_value: string) => item({ action: { order, name, custom_name: null }, breakdown_value })
    const groups = bySeries(linesOf([of(0, 'a', 'x'), of(0, 'a', 'y'), of(1, 'b', 'x')], query))
    expect(groups.map(({ name, lines }) => [name, lines.length])).toEqual([['A · a', 2], ['B · b', 1]])
  })
})

describe('the hours of the week', () => {
  const lines = linesOf([item({ breakdown_value: ['1', '10'], aggregated_value: 7 }), item({ breakdown_value: ['7', '0'], aggregated_value: 2 })], trends)

  it.each([
    [1, 'Monday', 'Sunday'],
    [0, 'Sunday', 'Saturday'],
  ])('begin with the project’s first day: %i', (start, first, last) => {
    const rows = calendarRows(lines, start)
    expect([rows[0]?.day, rows[6]?.day]).toEqual([first, last])
    const value = (day: string, hour: number) => rows.find((row) => row.day === day)?.cells[hour]?.value
    expect([value('Monday', 10), value('Sunday', 0), value('Tuesday', 10)]).toEqual([7, 2, 0])
  })
})

it('a map is shaded up to its largest number', () => {
  expect(worldOption([{ code: 'DE', value: 4 }, { code: 'FR', value: 9 }])).toMatchObject({
    visualMap: { min: 0, max: 9 },
    series: [{ data: [{ name: 'DE', value: 4 }, { name: 'FR', value: 9 }] }],
  })
})

it('a filter of a retention is not sent before it is whole', () => {
  const empty = { key: 'plan', type: 'event', operator: 'exact', value: [] }
  const query = { ...firstQuery('RetentionQuery'), retentionFilter: { targetEntity: { id: 'a', type: 'events' as const, properties: [empty] } } }
  expect(asked(query).retentionFilter?.targetEntity).toEqual({ id: 'a', type: 'events' })
  const whole = { ...empty, value: ['pro'] }
  const asking = { ...query, retentionFilter: { targetEntity: { id: 'a', type: 'events' as const, properties: [whole] } } }
  expect(asked(asking).retentionFilter?.targetEntity?.properties).toEqual([whole])
})
