import { expect, it } from 'vitest'
import { pressed } from './shortcuts'

it('two keys in a row are one, unless too much time has gone by', () => {
  expect([pressed('d', 0), pressed('g', 10), pressed('d', 20), pressed('d', 30)]).toEqual(['d', '', 'g d', 'd'])
  expect([pressed('g', 1000), pressed('h', 9000)]).toEqual(['', 'h'])
  expect([pressed('g', 10_000), pressed('g', 10_100), pressed('h', 10_200)]).toEqual(['', 'g g', 'h'])
})
