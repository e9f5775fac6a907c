/** What happened in a session, each at its place in the recording. Pure. */
import type { StoredEvent } from '../../api/answers'
import type { ConsoleError } from './recorded'

export interface Moment {
  key: string
  /** Milliseconds from the start of the recording; never outside of it. */
  atMs: number
  kind: 'event' | 'error'
  /** An event's name, or what the console said. */
  name: string
  event: StoredEvent | null
}

/** In the order of time. Events of before and after the recording stand at its ends. */
export function momentsOf(
  events: readonly StoredEvent[],
  errors: readonly ConsoleError[],
  startMs: number,
  lengthMs: number,
): Moment[] {
  const place = (time: number) => Math.min(Math.max(time - startMs, 0), lengthMs)
  const found: Moment[] = events.map((event) => ({
    key: event.uuid,
    atMs: place(new Date(event.timestamp).getTime()),
    kind: 'event',
    name: event.event,
    event,
  }))
  errors.forEach(({ timestamp, text }, index) => {
    found.push({ key: `error ${index}`, atMs: place(timestamp), kind: 'error', name: text, event: null })
  })
  return found.sort((a, b) => a.atMs - b.atMs)
}

/** The last moment that has begun at `timeMs`; -1 before the first. */
export function currentMoment(moments: readonly Moment[], timeMs: number): number {
  return moments.findLastIndex(({ atMs }) => atMs <= timeMs)
}

/** 1:05, 1:02:09. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
