import { expect, it } from 'vitest'
import { within } from './remarks'
import { momentOf, wallTime } from './wall-time'

const places = (days: string[], buckets: (string | number)[]) =>
  within(days.map((day) => ({ day })), buckets).map(({ at, remark }) => [remark.day, at])

it('puts a remark into the bucket that it happened in, and leaves out what is outside', () => {
  const days = ['2026-03-01', '2026-03-02', '2026-03-03']
  expect(places(['2026-02-28T23:59', '2026-03-01T00:00', '2026-03-02T23:59', '2026-03-03T12:00', '2026-03-04T00:00'], days)).toEqual([
    ['2026-03-01T00:00', 0],
    ['2026-03-02T23:59', 1],
    ['2026-03-03T12:00', 2],
  ])
})

it('tells hours apart', () => {
  const hours = ['2026-03-01 10:00:00', '2026-03-01 11:00:00']
  expect(places(['2026-03-01T10:30', '2026-03-01T11:59', '2026-03-01T12:00'], hours)).toEqual([
    ['2026-03-01T10:30', 0],
    ['2026-03-01T11:59', 1],
  ])
})

it('has no place in what counts no days', () => {
  expect(places(['2026-03-01T10:30'], [1, 2, 3])).toEqual([])
  expect(places(['2026-03-01T10:30'], [])).toEqual([])
})

it('reads and writes the clock of any zone, also where it changes', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    for (const wall of ['2026-03-29T12:00', '2026-10-25T12:00', '2026-01-01T00:30', '2026-07-01T23:59']) {
      const moment = momentOf(wall, zone)
      expect(moment && wallTime(moment, zone)).toBe(wall)
    }
  }
  expect(momentOf('2026-07-01T12:00', 'Europe/Berlin')?.toISOString()).toBe('2026-07-01T10:00:00.000Z')
  expect(momentOf('soon', 'UTC')).toBeNull()
})
