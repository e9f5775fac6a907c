/** Filters of the live feed by properties, and the properties that it shows; pure. */
import { isWhole } from '../../insights/filters'
import type { PropertyFilter } from '../../insights/query'
import type { Properties } from '../../api/answers'
import { valueText } from '../../components/values'

/** What can be compared with one event alone, as it passes. */
export const FEED_OPERATORS: readonly (readonly [operator: string, text: string])[] = [
  ['exact', 'is'],
  ['is_not', 'is not'],
  ['icontains', 'contains'],
  ['not_icontains', 'does not contain'],
  ['gt', 'greater than'],
  ['lt', 'less than'],
  ['is_set', 'is set'],
  ['is_not_set', 'is not set'],
]

const CHIP_CHARS_MAX = 80

export interface Chip {
  name: string
  text: string
}

/** The chosen properties that the event has. */
export function chipsOf(properties: Properties | null, names: readonly string[]): Chip[] {
  return names.flatMap((name) => {
    const value = ownValue(properties, name)
    return value === undefined || value === null ? [] : [{ name, text: valueText(value).slice(0, CHIP_CHARS_MAX) }]
  })
}

/** An event may have a property called `constructor`, and lack it. */
function ownValue(properties: Properties | null, name: string): unknown {
  return properties !== null && Object.hasOwn(properties, name) ? properties[name] : undefined
}

/** Whether all match; one that is still being written asks nothing. */
export function matchesAll(properties: Properties | null, filters: readonly PropertyFilter[]): boolean {
  return filters.filter(isWhole).every((filter) => matchesOne(ownValue(properties, filter.key), filter))
}

function matchesOne(value: unknown, { operator, value: wanted }: PropertyFilter): boolean {
  const isThere = value !== undefined && value !== null
  const text = isThere ? valueText(value) : ''
  const list = (Array.isArray(wanted) ? wanted : [wanted ?? '']).map(String)
  const holds = () => list.some((part) => text.toLowerCase().includes(part.toLowerCase()))
  switch (operator) {
    case 'is_set':
      return isThere
    case 'is_not_set':
      return !isThere
    case 'is_not':
      return !(isThere && list.includes(text))
    case 'icontains':
      return isThere && holds()
    case 'not_icontains':
      return !(isThere && holds())
    case 'gt':
      return isThere && Number(text) > Number(list[0])
    case 'lt':
      return isThere && Number(text) < Number(list[0])
    default:
      return isThere && list.includes(text)
  }
}

/** Filters as an address has them; a broken list is as good as none. */
export function readFeedFilters(text: string | null): PropertyFilter[] {
  if (text === null) return []
  try {
    const sent: unknown = JSON.parse(text)
    return Array.isArray(sent) ? sent.filter(isFilter) : []
  } catch {
    return []
  }
}

function isFilter(item: unknown): item is PropertyFilter {
  return typeof item === 'object' && item !== null && 'key' in item && typeof item.key === 'string'
}
