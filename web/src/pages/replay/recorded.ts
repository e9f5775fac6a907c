/** What a recording's rrweb events say: windows, quiet times, errors. Pure. */

/** An rrweb event as the API gives it. Its `data` may be anything: a client sent it. */
export interface RecordedEvent {
  type: number
  /** Milliseconds since 1970, by the visitor's clock. */
  timestamp: number
  windowId: string
  data: unknown
}

/** One browser tab of a session: each is a page of its own, so each is played on its own. */
export interface RecordedWindow {
  id: string
  events: RecordedEvent[]
}

export const FULL_SNAPSHOT = 2
export const INCREMENTAL = 3
const PLUGIN = 6
/** Sources of incremental events that people cause: moves, clicks, scrolls, sizes, input, touches. */
const BY_PEOPLE = new Set([1, 2, 3, 4, 5, 6, 12])
const QUIET_MS_MIN = 10_000

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The windows that can be played, in the order they were opened. */
export function playableWindows(events: readonly RecordedEvent[]): RecordedWindow[] {
  const byId = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    if (!Number.isFinite(event.timestamp) || typeof event.type !== 'number') continue
    const window = byId.get(event.windowId)
    if (window) window.push(event)
    else byId.set(event.windowId, [event])
  }
  return [...byId]
    .map(([id, found]) => ({ id, events: found.sort((a, b) => a.timestamp - b.timestamp) }))
    .filter(({ events: found }) => found.length > 1 && found.some(({ type }) => type === FULL_SNAPSHOT))
}

export function startOf({ events }: RecordedWindow): number {
  return events[0]?.timestamp ?? 0
}

export function lengthOf(window: RecordedWindow): number {
  return (window.events.at(-1)?.timestamp ?? 0) - startOf(window)
}

export interface Span {
  startMs: number
  endMs: number
}

/** When nobody did anything for a while, in milliseconds from the start. */
export function quietSpans(window: RecordedWindow): Span[] {
  const start = startOf(window)
  const spans: Span[] = []
  let last = 0
  const upTo = (time: number) => {
    if (time - last >= QUIET_MS_MIN) spans.push({ startMs: last, endMs: time })
    last = time
  }
  for (const event of window.events) if (isByPeople(event)) upTo(event.timestamp - start)
  upTo(lengthOf(window))
  return spans
}

function isByPeople({ type, data }: RecordedEvent): boolean {
  return type === INCREMENTAL && isObject(data) && BY_PEOPLE.has(data.source as number)
}

export interface ConsoleError {
  timestamp: number
  text: string
}

/** What the page wrote to its console as an error. */
export function consoleErrors({ events }: RecordedWindow): ConsoleError[] {
  const found: ConsoleError[] = []
  for (const { type, timestamp, data } of events) {
    if (type !== PLUGIN || !isObject(data) || !isObject(data.payload)) continue
    const { level, payload } = data.payload
    if (level !== 'error' || !Array.isArray(payload)) continue
    found.push({ timestamp, text: payload.map(shownPart).join(' ') })
  }
  return found
}

/** The recorder writes each argument as JSON. */
function shownPart(part: unknown): string {
  if (typeof part !== 'string') return JSON.stringify(part)
  try {
    const value: unknown = JSON.parse(part)
    return typeof value === 'string' ? value : part
  } catch {
    return part
  }
}
