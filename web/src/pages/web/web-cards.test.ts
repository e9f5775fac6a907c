import { expect, it } from 'vitest'
import { CARDS, readFilters, rowFilter, rowText, withFilter } from './web-cards'

const pages = CARDS[0]?.tabs[0]
const filter = { key: '$pathname', type: 'event', operator: 'exact', value: ['/cart'] }

it('makes a filter of a row, but not of what is no single value', () => {
  expect(pages && rowFilter(pages, '/cart')).toEqual(filter)
  expect(pages && rowFilter(pages, null)).toBeNull()
  expect(rowFilter({ breakdownBy: 'City', text: 'Cities' }, ['DE', 'Berlin'])).toBeNull()
})

it('adds a filter once', () => {
  expect(withFilter(withFilter([], filter), filter)).toEqual([filter])
})

it('reads the filters of an address, and none out of a broken one', () => {
  expect(readFilters(JSON.stringify([filter, 3, { key: 1 }]))).toEqual([filter])
  expect(readFilters('{')).toEqual([])
})

it('shows the place before its country', () => {
  expect(rowText(['DE', 'Berlin'])).toBe('Berlin, DE')
  expect(rowText(null)).toBe('None')
})
