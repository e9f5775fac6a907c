/** A person's events as days and sessions; pure. */
import type { StoredEvent } from '../../api/answers'

export interface SessionGroup {
  key: string
  /** Null where the events have no session. */
  sessionId: string | null
  events: StoredEvent[]
}

export interface DayGroup {
  /** Midnight of the day, in the browser's time zone. */
  day: Date
  sessions: SessionGroup[]
}

/** `events` come newest first; a session that runs past midnight shows on both days. */
export function timeline(events: StoredEvent[]): DayGroup[] {
  const days: DayGroup[] = []
  for (const event of events) {
    const day = midnight(new Date(event.timestamp))
    let group = days.at(-1)
    if (group?.day.getTime() !== day.getTime()) {
      group = { day, sessions: [] }
      days.push(group)
    }
    addToSession(group, event)
  }
  return days
}

function addToSession(day: DayGroup, event: StoredEvent): void {
  const sent = event.properties.$session_id
  const sessionId = typeof sent === 'string' ? sent : null
  const last = day.sessions.at(-1)
  if (last?.sessionId === sessionId) last.events.push(event)
  else day.sessions.push({ key: event.uuid, sessionId, events: [event] })
}

function midnight(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate())
}

/** From the first event to the last one. */
export function sessionSeconds({ events }: SessionGroup): number {
  const first = events.at(-1)
  const last = events[0]
  if (!first || !last) return 0
  return (new Date(last.timestamp).getTime() - new Date(first.timestamp).getTime()) / 1000
}
