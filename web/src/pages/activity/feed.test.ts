import { describe, expect, it } from 'vitest'
import { chipsOf, matchesAll, readFeedFilters } from './feed-filters'
import { EMPTY_FEED, feedReducer, ITEMS_MAX, matches, NO_FILTER, placeOf, type EventItem } from './feed'

const event = (number: number, more: Partial<EventItem> = {}): EventItem => ({
  kind: 'event',
  key: `event ${number}`,
  time: new Date(1_700_000_000_000 + number * 1000).toISOString(),
  happened: '2026-03-02T12:00:00Z',
  uuid: `event ${number}`,
  event: 'hello',
  distinctId: 'ada',
  personId: null,
  personName: null,
  properties: {},
  ...more,
})

describe('the feed', () => {
  it('shows the newest first, and an event that comes twice once', () => {
    const loaded = feedReducer(EMPTY_FEED, { do: 'loaded', items: [event(1), event(2)] })
    const feed = feedReducer(loaded, { do: 'came', items: [event(3), event(2)], count: 2 })
    expect(feed.items.map(({ key }) => key)).toEqual(['event 3', 'event 2', 'event 1'])
  })

  it('holds still while paused, counts what comes, and shows it on resuming', () => {
    const paused = feedReducer(EMPTY_FEED, { do: 'pause' })
    const feed = feedReducer(paused, { do: 'came', items: [event(1)], count: 70 })
    expect(feed.items).toEqual([])
    expect(feed.waitingCount).toBe(70)
    const resumed = feedReducer(feed, { do: 'resume' })
    expect(resumed.items).toHaveLength(1)
    expect(resumed).toMatchObject({ paused: false, waitingCount: 0, waiting: [] })
  })

  it('never grows beyond what a page can hold', () => {
    const many = Array.from({ length: ITEMS_MAX + 50 }, (_, number) => event(number))
    const feed = feedReducer(EMPTY_FEED, { do: 'came', items: many, count: many.length })
    expect(feed.items).toHaveLength(ITEMS_MAX)
    expect(feed.items[0]?.key).toBe(`event ${ITEMS_MAX + 49}`)
  })
})

describe('filters', () => {
  const all = NO_FILTER
  it('finds text in names, people and properties, whatever its case', () => {
    const item = event(1, { properties: { plan: 'Pro' } })
    expect(matches(item, { ...all, text: 'pRO' })).toBe(true)
    expect(matches(item, { ...all, text: 'ADA' })).toBe(true)
    expect(matches(item, { ...all, text: 'enterprise' })).toBe(false)
  })

  it('keeps one event, or problems alone', () => {
    expect(matches(event(1), { ...all, event: 'hello' })).toBe(true)
    expect(matches(event(1), { ...all, event: 'other' })).toBe(false)
    expect(matches(event(1), { ...all, onlyProblems: true })).toBe(false)
  })
})

describe('filters by properties', () => {
  const filter = (operator: string, value?: string | string[]) => [{ key: 'plan', type: 'event', operator, ...(value === undefined ? {} : { value }) }]
  const kept = (properties: Record<string, unknown> | null, operator: string, value?: string | string[]) =>
    matchesAll(properties, filter(operator, value))

  it('compares as insights do', () => {
    expect(kept({ plan: 'pro' }, 'exact', ['free', 'pro'])).toBe(true)
    expect(kept({ plan: 'Pro' }, 'exact', ['pro'])).toBe(false)
    expect(kept({ plan: 'Pro' }, 'icontains', 'pr')).toBe(true)
    expect(kept({ plan: 12 }, 'gt', '9')).toBe(true)
    expect(kept({ plan: 'x' }, 'gt', '9')).toBe(false)
    expect(kept({ plan: true }, 'exact', ['true'])).toBe(true)
    expect(kept({ plan: null }, 'is_set')).toBe(false)
    expect(kept({}, 'is_not', ['pro'])).toBe(true)
    expect(kept({}, 'not_icontains', 'pro')).toBe(true)
  })

  it('takes no built-in property for one of the event, and asks nothing while unfinished', () => {
    expect(matchesAll({}, [{ key: 'constructor', type: 'event', operator: 'is_set' }])).toBe(false)
    expect(kept({ plan: 'free' }, 'exact', [])).toBe(true)
    expect(kept(null, 'exact', ['pro'])).toBe(false)
    expect(chipsOf({ plan: 'pro', items: [1, 2], none: null }, ['plan', 'items', 'none', 'toString'])).toEqual([
      { name: 'plan', text: 'pro' },
      { name: 'items', text: '[\n  1,\n  2\n]' },
    ])
  })

  it('reads what an address has, and nothing of a broken one', () => {
    expect(readFeedFilters('[{"key":"plan","type":"event"},7]')).toEqual([{ key: 'plan', type: 'event' }])
    expect(readFeedFilters('{')).toEqual([])
    expect(readFeedFilters(null)).toEqual([])
  })
})

it('says where an event happened, also when the address is no address', () => {
  expect(placeOf({ $current_url: 'https://shop.example/cart?x=1#top' })).toBe('shop.example/cart?x=1')
  expect(placeOf({ $current_url: 'javascript:alert(1)' })).not.toContain('undefined')
  expect(placeOf({ $current_url: '<img src=x>' })).toBe('<img src=x>')
  expect(placeOf({ $screen_name: 'Home' })).toBe('Home')
  expect(placeOf(null)).toBe('')
})
