import { expect, it } from 'vitest'
import { balance } from './balance'

it('adds up every outcome, and does not hide a difference', () => {
  const outcomes = { received: 10, stored: 6, duplicates: 1, dead_lettered: 1, dropped: { a_b: 2 } }
  expect(balance(outcomes)).toMatchObject({ received: 10, sum: 10 })
  expect(balance(outcomes).rows.at(-1)).toEqual(['Dropped: a b', 2])
  expect(balance({ ...outcomes, received: 11 })).toMatchObject({ received: 11, sum: 10 })
})
