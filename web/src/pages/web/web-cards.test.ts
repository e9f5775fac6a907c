import { expect, it } from 'vitest'
import { metricOf, shownMetric } from './metrics'
import { CARDS, OUTBOUND, readFilters, rowFilter, rowText, tabQuery, withFilter, type WebTab } from './web-cards'
import { bucketLabel, webTrendOption } from './web-trend'

const pages = CARDS[0]?.tabs[0]
const filter = { key: '$pathname', type: 'event', operator: 'exact', value: ['/cart'] }
const cities: WebTab = { breakdownBy: 'City', text: 'Cities' }

it('makes a filter of a row, but not of what is no single value', () => {
  expect(pages && rowFilter(pages, '/cart')).toEqual(filter)
  expect(pages && rowFilter(pages, null)).toBeNull()
  expect(rowFilter(cities, ['DE', 'Berlin'])).toBeNull()
})

it('adds a filter once', () => {
  expect(withFilter(withFilter([], filter), filter)).toEqual([filter])
})

it('reads the filters of an address, and none out of a broken one', () => {
  expect(readFilters(JSON.stringify([filter, 3, { key: 1 }]))).toEqual([filter])
  expect(readFilters('{')).toEqual([])
})

it('shows the place before its country, and countries by their names', () => {
  expect(rowText(cities, ['DE', 'Berlin'])).toBe('Berlin, Germany')
  expect(rowText(cities, ['DE', ''])).toBe('Germany')
  expect(rowText(cities, [null, null])).toBe('None')
  expect(rowText({ breakdownBy: 'Country', text: 'Countries' }, 'FR')).toBe('France')
  expect(rowText({ breakdownBy: 'Page', text: 'Pages' }, 'FR')).toBe('FR')
  expect(rowText(cities, null)).toBe('None')
})

it('asks for links out with a question of their own, and for every country of a map', () => {
  expect(tabQuery({ breakdownBy: OUTBOUND, text: 'Outbound' }, 10)).toMatchObject({ kind: 'WebExternalClicksTableQuery', limit: 10 })
  expect(tabQuery({ breakdownBy: 'Country', text: 'Map', isMap: true }, 10)).toMatchObject({ kind: 'WebStatsTableQuery', limit: 300 })
})

it('draws the chosen metric beside the period before, with a gap where there is no mean', () => {
  const items = [
    { bucket: '2026-03-02', metrics: { SessionDuration: 61.5 }, previous: { bucket: '2026-02-28', metrics: { SessionDuration: null } } },
    { bucket: '2026-03-03', metrics: { SessionDuration: null }, previous: null },
  ]
  expect(webTrendOption(items, metricOf('session duration'))).toMatchObject({
    xAxis: { data: ['2-Mar', '3-Mar'] },
    series: [{ data: [null, null] }, { data: [61.5, null] }],
  })
})

it('writes hours and numbers as insights do', () => {
  expect(bucketLabel('2026-03-02 10:00:00')).toBe('2-Mar-2026 10:00')
  expect([shownMetric('duration_s', 135.4), shownMetric('percentage', 33.06), shownMetric('unit', 2185)]).toEqual(['2 min 15 s', '33.1%', '2,185'])
  expect(shownMetric('percentage', null)).toBe('–')
  expect(metricOf('nothing').key).toBe('visitors')
})
