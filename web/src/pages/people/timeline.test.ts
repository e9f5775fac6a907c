import { expect, it } from 'vitest'
import type { StoredEvent } from '../../api/answers'
import { sessionSeconds, timeline } from './timeline'

const event = (time: string, session?: string): StoredEvent => ({
  uuid: time,
  event: 'hello',
  distinct_id: 'ada',
  timestamp: time,
  properties: session === undefined ? {} : { $session_id: session },
  person: null,
  elements_chain: '',
})

it('groups events by day and by session, and keeps those without a session', () => {
  const days = timeline([
    event('2026-03-02T12:10:00', 'b'),
    event('2026-03-02T12:00:00', 'b'),
    event('2026-03-02T11:00:00'),
    event('2026-03-01T12:00:00', 'a'),
  ])
  expect(days.map(({ sessions }) => sessions.map(({ sessionId }) => sessionId))).toEqual([
    ['b', null],
    ['a'],
  ])
  expect(days[0]?.sessions[0] && sessionSeconds(days[0].sessions[0])).toBe(600)
})

it('has nothing to show of nobody', () => {
  expect(timeline([])).toEqual([])
})
