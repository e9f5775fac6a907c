/** The cards of web analytics: what each tab asks, and the filter that a row stands for; pure. */
import { countryName } from '../../components/country'
import type { PropertyFilter } from '../../insights/query'

export interface WebTab {
  breakdownBy: string
  text: string
  /** Rows are countries, and drawn on a map above them. */
  isMap?: boolean
  /** The property that a row's value is of; absent where a value is of several. */
  property?: { key: string; type: 'event' | 'session' }
}

export interface WebCard {
  title: string
  tabs: readonly WebTab[]
}

const event = (breakdownBy: string, text: string, key: string): WebTab => ({ breakdownBy, text, property: { key, type: 'event' } })
const session = (breakdownBy: string, text: string, key: string): WebTab => ({ breakdownBy, text, property: { key, type: 'session' } })

/** Links by which visitors left have a question of their own. */
export const OUTBOUND = 'Outbound'

/** Several tabs may ask the same, so a tab is known by its name. */
export function tabQuery(tab: WebTab, limit: number): Record<string, unknown> {
  if (tab.breakdownBy === OUTBOUND) return { kind: 'WebExternalClicksTableQuery', limit, stripQueryParams: true }
  return { kind: 'WebStatsTableQuery', breakdownBy: tab.breakdownBy, limit: tab.isMap ? COUNTRIES_MAX : limit }
}

const COUNTRIES_MAX = 300

export const CARDS: readonly WebCard[] = [
  {
    title: 'Paths',
    tabs: [
      event('Page', 'Pages', '$pathname'),
      session('InitialPage', 'Entry', '$entry_pathname'),
      session('ExitPage', 'Exit', '$end_pathname'),
      { breakdownBy: OUTBOUND, text: 'Outbound' },
    ],
  },
  {
    title: 'Sources',
    tabs: [
      session('InitialChannelType', 'Channels', '$channel_type'),
      session('InitialReferringDomain', 'Referrers', '$entry_referring_domain'),
      session('InitialUTMSource', 'UTM source', '$entry_utm_source'),
      session('InitialUTMCampaign', 'UTM campaign', '$entry_utm_campaign'),
    ],
  },
  {
    title: 'Devices',
    tabs: [
      event('DeviceType', 'Types', '$device_type'),
      event('Browser', 'Browsers', '$browser'),
      event('OS', 'Systems', '$os'),
    ],
  },
  {
    title: 'Geography',
    tabs: [
      { ...event('Country', 'Map', '$geoip_country_code'), isMap: true },
      event('Country', 'Countries', '$geoip_country_code'),
      { breakdownBy: 'Region', text: 'Regions' },
      { breakdownBy: 'City', text: 'Cities' },
      event('Language', 'Languages', '$browser_language'),
    ],
  },
]

/** The filter that a click on the row adds; null where the row is no single value. */
export function rowFilter(tab: WebTab, value: unknown): PropertyFilter | null {
  if (!tab.property || typeof value !== 'string' || value === '') return null
  return { ...tab.property, operator: 'exact', value: [value] }
}

/** Countries by their names; a place before the country it is in. */
export function rowText(tab: WebTab, value: unknown): string {
  if (Array.isArray(value)) {
    const [country, ...places] = value.map((part) => (typeof part === 'string' && part !== '' ? part : null))
    return [...places.reverse(), country ? countryName(country) : null].filter((part) => part !== null).join(', ') || 'None'
  }
  if (typeof value !== 'string' || value === '') return 'None'
  return tab.breakdownBy === 'Country' ? countryName(value) : value
}

/** The filters with one more, unless it is there already. */
export function withFilter(filters: readonly PropertyFilter[], filter: PropertyFilter): PropertyFilter[] {
  const text = JSON.stringify(filter)
  return filters.some((one) => JSON.stringify(one) === text) ? [...filters] : [...filters, filter]
}

/** The filters in an address; broken ones are none. */
export function readFilters(text: string | null): PropertyFilter[] {
  if (text === null) return []
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) ? read.filter(isFilter) : []
  } catch {
    return []
  }
}

const isFilter = (item: unknown): item is PropertyFilter =>
  typeof item === 'object' && item !== null && 'key' in item && typeof item.key === 'string' && 'type' in item && typeof item.type === 'string'
