import { describe, expect, it } from 'vitest'
import { coarse, duration, relativeTime, sentenceCase, shortNumber, shortSize } from './format'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [9_999, '9,999'],
    [12_345, '12.3k'],
    [999_949, '999.9k'],
    [999_951, '1M'],
    [1_250_000, '1.3M'],
    [2_000_000_000, '2B'],
    [-12_345, '-12.3k'],
  ])('writes %d as %s', (value, text) => expect(shortNumber(value)).toBe(text))

  it('writes sizes with the unit that fits', () => {
    expect(shortSize(512)).toBe('512 B')
    expect(shortSize(1536)).toBe('1.5 KiB')
    expect(shortSize(3 * 1024 ** 4)).toBe('3.0 TiB')
  })
})

describe('times', () => {
  const now = new Date('2026-03-02T12:00:00Z')
  it.each([
    ['2026-03-02T12:00:00Z', 'just now'],
    ['2026-03-02T11:59:48Z', '12 s ago'],
    ['2026-03-02T11:00:00Z', '1 h ago'],
    ['2026-03-02T12:03:00Z', 'in 3 min'],
    ['2025-12-02T12:00:00Z', '2 months ago'],
  ])('says of %s: %s', (time, text) => expect(relativeTime(new Date(time), now)).toBe(text))

  it('says how long something took', () => {
    expect(duration(59.4)).toBe('59 s')
    expect(duration(61)).toBe('1 min 1 s')
    expect(duration(3660)).toBe('1 h 1 min')
    expect(coarse(172_800)).toBe('2 d')
  })
})

it('makes a reason readable', () => {
  expect(sentenceCase('missing_event_name')).toBe('Missing event name')
})
