import { describe, expect, it } from 'vitest'
import { firstQuery } from '../../insights/query'
import { FIRST_SQL_INSIGHT } from '../../insights/sql-insight'
import type { Dashboard, Tile } from '../../insights/saved'
import { fitted, movedTo, resized, sizeOf, stepped } from './tile-layout'
import { copyOf, sentTile, withDates } from './use-dashboard'

const tile = (id: number): Tile => ({ id, insight: null, text: { body: `${id}` }, layouts: {}, color: null })
const tiles = [tile(1), tile(2), tile(3)]

describe('tiles', () => {
  it('move to any place and no further than the ends', () => {
    const order = (from: number, to: number) => movedTo(tiles, from, to).map(({ id }) => id)
    expect(order(1, 2)).toEqual([1, 3, 2])
    expect(order(0, 2)).toEqual([2, 3, 1])
    expect(order(0, -1)).toEqual([1, 2, 3])
    expect(order(2, 3)).toEqual([1, 2, 3])
  })

  it('have the size that was chosen, also by an older page, and a usual one otherwise', () => {
    expect(sizeOf({ width: 2, height: 3 })).toEqual({ width: 2, height: 3 })
    expect(sizeOf({ wide: true })).toEqual({ width: 6, height: 1 })
    expect(sizeOf({ width: 5, height: 9 })).toEqual({ width: 3, height: 1 })
    expect(sizeOf({})).toEqual({ width: 3, height: 1 })
  })

  it('grow and shrink by steps, as far as there are steps', () => {
    expect(stepped({ width: 4, height: 1 }, 1, 1)).toEqual({ width: 6, height: 2 })
    expect(stepped({ width: 6, height: 3 }, 1, 1)).toEqual({ width: 6, height: 3 })
    expect(stepped({ width: 2, height: 1 }, -1, -1)).toEqual({ width: 2, height: 1 })
  })

  it('take the size nearest to what was drawn by hand', () => {
    expect(fitted(3.4, 250)).toEqual({ width: 3, height: 1 })
    expect(fitted(99, 9999)).toEqual({ width: 6, height: 3 })
    expect(fitted(-4, -50)).toEqual({ width: 2, height: 1 })
  })

  it('are resized one at a time', () => {
    expect(resized(tiles, 2, { width: 6, height: 2 }).map(({ layouts }) => layouts)).toEqual([{}, { width: 6, height: 2 }, {}])
  })

  it('are sent as a text without an insight', () => {
    expect(sentTile(tile(4))).toEqual({ id: 4, text: { body: '4' }, layouts: {} })
  })
})

it('the dates of a dashboard go over those of every question that takes them', () => {
  const dates = { date_from: '-90d' }
  const both = { date_from: '-90d', date_to: null }
  expect(withDates(firstQuery('TrendsQuery'), dates)).toMatchObject({ dateRange: both })
  expect(withDates(FIRST_SQL_INSIGHT, dates)).toMatchObject({ source: { filters: { dateRange: both } } })
  expect(withDates(firstQuery('RetentionQuery'), dates)).toMatchObject({ dateRange: { date_from: '-5w' } })
  expect(withDates(firstQuery('TrendsQuery'), {})).toMatchObject({ dateRange: { date_from: '-30d' } })
})

it('a copy has the same tiles with ids of their own', () => {
  const dashboard: Dashboard = {
    ...{ id: 1, short_id: 'a', name: 'Shop', description: 'd', pinned: true, updated_at: '' },
    filters: { date_from: '-7d' },
    tiles: [tile(7)],
  }
  expect(copyOf(dashboard)).toEqual({
    name: 'Shop (copy)',
    description: 'd',
    filters: { date_from: '-7d' },
    tiles: [{ id: 0, text: { body: '7' }, layouts: {} }],
  })
  expect(copyOf({ ...dashboard, name: 'x'.repeat(400) }).name).toHaveLength(400)
})
