/** What the live feed holds: pure, so that pausing, filtering and bounds can be tested. */
import type { Properties, StoredEvent } from '../../api/answers'
import type { PropertyFilter } from '../../insights/query'
import { matchesAll } from './feed-filters'
import type { LiveEvent, LiveMessage, LiveProblem, Refusal } from '../../api/live'

export interface EventItem {
  kind: 'event'
  key: string
  /** When it arrived, which orders the feed. */
  time: string
  happened: string
  uuid: string
  event: string
  distinctId: string
  personId: string | null
  personName: string | null
  /** Null where the feed left them out because they are large. */
  properties: Properties | null
}

export interface ProblemItem {
  kind: 'problem'
  key: string
  time: string
  reason: string
  severity: string
  count: number
  details: Properties
}

export interface RefusalItem {
  kind: 'refusal'
  key: string
  time: string
  refusal: Refusal
}

export type FeedItem = EventItem | ProblemItem | RefusalItem

export interface Feed {
  items: FeedItem[]
  /** What has come while paused; not yet shown. */
  waiting: FeedItem[]
  /** Events that have come while paused, also those beyond `waiting`. */
  waitingCount: number
  paused: boolean
}

export const ITEMS_MAX = 400
export const EMPTY_FEED: Feed = { items: [], waiting: [], waitingCount: 0, paused: false }

export type FeedAction =
  | { do: 'loaded'; items: FeedItem[] }
  | { do: 'came'; items: FeedItem[]; count: number }
  | { do: 'pause' }
  | { do: 'resume' }
  | { do: 'clear' }

export function feedReducer(feed: Feed, action: FeedAction): Feed {
  switch (action.do) {
    case 'loaded':
      return { ...feed, items: merged(feed.items, action.items) }
    case 'came':
      if (!feed.paused) return { ...feed, items: merged(action.items, feed.items) }
      return {
        ...feed,
        waiting: merged(action.items, feed.waiting),
        waitingCount: feed.waitingCount + action.count,
      }
    case 'pause':
      return { ...feed, paused: true }
    case 'resume':
      return { ...EMPTY_FEED, items: merged(feed.waiting, feed.items) }
    case 'clear':
      return EMPTY_FEED
  }
}

/** The newest first, each once, and no more than a page can hold. */
function merged(newer: FeedItem[], older: FeedItem[]): FeedItem[] {
  const byKey = new Map<string, FeedItem>()
  for (const item of [...newer, ...older]) if (!byKey.has(item.key)) byKey.set(item.key, item)
  return [...byKey.values()].sort((a, b) => b.time.localeCompare(a.time)).slice(0, ITEMS_MAX)
}

export interface FeedFilter {
  /** Only this event; empty for all. */
  event: string
  /** Only what holds this text somewhere; case does not matter. */
  text: string
  onlyProblems: boolean
  /** All of these must match the event's properties. */
  filters: readonly PropertyFilter[]
  /** The names of the properties that stand on the rows. */
  shown: readonly string[]
}

export const NO_FILTER: FeedFilter = { event: '', text: '', onlyProblems: false, filters: [], shown: [] }

export function matches(item: FeedItem, filter: FeedFilter): boolean {
  if (item.kind === 'event') {
    if (filter.onlyProblems) return false
    if (filter.event !== '' && item.event !== filter.event) return false
    if (!matchesAll(item.properties, filter.filters)) return false
  } else if (filter.event !== '' && item.kind === 'refusal') {
    return false
  }
  const text = filter.text.trim().toLowerCase()
  return text === '' || JSON.stringify(item).toLowerCase().includes(text)
}

export function itemsOf(message: LiveMessage): FeedItem[] {
  return [...message.events.map(eventItem), ...message.problems.map(problemItem)]
}

function eventItem(event: LiveEvent): EventItem {
  return {
    kind: 'event',
    key: event.uuid,
    time: event.received_at,
    happened: event.timestamp,
    uuid: event.uuid,
    event: event.event,
    distinctId: event.distinct_id,
    personId: event.person_id,
    personName: event.person_name,
    properties: event.properties,
  }
}

/** Of the list of stored events, which has no time of arrival: the event's own stands for it. */
export function storedItem(event: StoredEvent): EventItem {
  const name = event.person?.properties
  return {
    kind: 'event',
    key: event.uuid,
    time: event.timestamp,
    happened: event.timestamp,
    uuid: event.uuid,
    event: event.event,
    distinctId: event.distinct_id,
    personId: event.person?.id ?? null,
    personName: textOf(name?.email) ?? textOf(name?.name) ?? textOf(name?.username),
    properties: event.properties,
  }
}

export function problemItem(problem: LiveProblem): ProblemItem {
  const details = problem.details
  const about = textOf(details.eventUuid) ?? textOf(details.sample) ?? ''
  return {
    kind: 'problem',
    key: `${problem.reason} ${problem.timestamp} ${about}`,
    time: problem.timestamp,
    reason: problem.reason,
    severity: problem.severity,
    count: problem.count,
    details,
  }
}

/** Refusals of one kind are one line, which moves up when it happens again. */
export function refusalItem(refusal: Refusal): RefusalItem {
  const key = `${refusal.status} ${refusal.text} ${refusal.key} ${refusal.path}`
  return { kind: 'refusal', key, time: refusal.last_seen, refusal }
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** Where an event happened: the part of its address that tells pages apart, or its screen. */
export function placeOf(properties: Properties | null): string {
  const url = textOf(properties?.$current_url)
  if (url === null) return textOf(properties?.$screen_name) ?? ''
  try {
    const { host, pathname, search } = new URL(url)
    return `${host}${pathname}${search}`
  } catch {
    return url
  }
}
