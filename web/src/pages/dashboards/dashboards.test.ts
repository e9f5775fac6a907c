import { expect, it } from 'vitest'
import { firstQuery } from '../../insights/query'
import type { Tile } from '../../insights/saved'
import { movedTile, sentTile, withDates } from './use-dashboard'

const tile = (id: number): Tile => ({ id, insight: null, text: { body: `${id}` }, layouts: {}, color: null })

it('moves a tile by one place and no further than the ends', () => {
  const tiles = [tile(1), tile(2), tile(3)]
  expect(movedTile(tiles, 1, 1).map(({ id }) => id)).toEqual([1, 3, 2])
  expect(movedTile(tiles, 0, -1).map(({ id }) => id)).toEqual([1, 2, 3])
  expect(movedTile(tiles, 2, 1).map(({ id }) => id)).toEqual([1, 2, 3])
})

it('sends a text without an insight', () => {
  expect(sentTile(tile(4))).toEqual({ id: 4, text: { body: '4' }, layouts: {} })
})

it('puts its dates over those of every insight but a retention', () => {
  const dates = { date_from: '-90d' }
  expect(withDates(firstQuery('TrendsQuery'), dates).dateRange).toEqual({ date_from: '-90d', date_to: null })
  expect(withDates(firstQuery('RetentionQuery'), dates).dateRange).toEqual({ date_from: '-5w' })
  expect(withDates(firstQuery('TrendsQuery'), {}).dateRange).toEqual({ date_from: '-30d' })
})
